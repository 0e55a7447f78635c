//! A server that sends lines, as `nc -lk` does.

use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// A program that has not connected after so long does not.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server on a port of its own.
pub(crate) struct Server {
    port: u16,
    connections: Receiver<TcpStream>,
}

impl Server {
    pub(crate) fn open() -> io::Result<Server> {
        Server::open_at(0)
    }

    pub(crate) fn open_at(port: u16) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let port = listener.local_addr()?.port();
        let (sender, connections) = mpsc::channel();
        thread::spawn(move || {
            let mut accepted = listener.incoming().map_while(Result::ok);
            accepted
                .try_for_each(|connection| sender.send(connection))
                .ok();
        });
        Ok(Server { port, connections })
    }

    /// A port without a listener.
    pub(crate) fn free_port() -> io::Result<u16> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(listener.local_addr()?.port())
    }

    pub(crate) fn address(&self) -> String {
        address(self.port)
    }

    /// The next connection that the program makes.
    #[track_caller]
    pub(crate) fn connection(&self) -> TcpStream {
        let connection = self.connections.recv_timeout(PATIENCE);
        connection.expect("the program connects")
    }

    /// Sends all this over the next connection and closes it.
    #[track_caller]
    pub(crate) fn send(&self, bytes: &[u8]) -> io::Result<()> {
        self.connection().write_all(bytes)
    }
}

/// A port of this machine as the command line takes it.
pub(crate) fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}
