//! `HOST:PORT`, as a person writes it.

use crate::error::CommandError;

/// Cuts an address into host and port; an IPv6 address stands in brackets.
pub(crate) fn parse(address: &str) -> Result<(String, u16), CommandError> {
    let refuse = || CommandError::Address(address.to_owned());
    let (host, port) = address.rsplit_once(':').ok_or_else(refuse)?;
    let port = port
        .parse()
        .ok()
        .filter(|port| *port > 0)
        .ok_or_else(refuse)?;
    let host = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    if host.is_empty() || host.contains(['/', '@', ' ']) {
        Err(refuse())
    } else {
        Ok((host.to_owned(), port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_host_and_port() {
        let parsed = |address| parse(address).ok();
        assert_eq!(
            parsed("localhost:9999"),
            Some(("localhost".to_owned(), 9999))
        );
        assert_eq!(parsed("[::1]:9999"), Some(("::1".to_owned(), 9999)));
        for wrong in [
            "localhost",
            "localhost:",
            ":9999",
            "localhost:0",
            "localhost:70000",
            "localhost:http",
            "http://localhost:9999",
        ] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }
}
