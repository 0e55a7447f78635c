//! Addresses (`urlExpressions.scala`), as `java.net.URI` reads them.

use engine::{DataType, Failure, Value};

use crate::context::Session;
use crate::failures::ansi_advice;
use crate::function::{CallInfo, Evaluate, Function, Gives, Nulls, Takes, Type};
use crate::functions::values::{failed, string, text};
use crate::java_regex::JavaRegex;

const PARTS: Takes = Takes::Optional {
    required: 2,
    parameters: &[Type::String, Type::String, Type::String],
};
const STRING: Gives = Gives::Type(DataType::String);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("parse_url", PARTS, STRING, Evaluate::Strict(parse_url)).nulls(Nulls::Always),
    Function::new(
        "try_parse_url",
        PARTS,
        STRING,
        Evaluate::Strict(try_parse_url),
    )
    .nulls(Nulls::Always)
    .since_4(),
    Function::new(
        "url_encode",
        Takes::Exactly(&[Type::String]),
        STRING,
        Evaluate::Strict(url_encode),
    )
    .nulls(Nulls::Always),
    Function::new(
        "url_decode",
        Takes::Exactly(&[Type::String]),
        STRING,
        Evaluate::Strict(url_decode),
    )
    .nulls(Nulls::Always),
    Function::new(
        "try_url_decode",
        Takes::Exactly(&[Type::String]),
        STRING,
        Evaluate::Strict(|values, _| decoded(text(&values[0])).map_or(Ok(Value::Null), string)),
    )
    .nulls(Nulls::Always)
    .since_4(),
];

/// `parse_url(address, part, key)`.
fn parse_url(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    match Address::parse(text(&values[0])) {
        None if call.session.ansi => Err(invalid_url(text(&values[0]), call.session)),
        address => part(address, values),
    }
}

fn try_parse_url(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    part(Address::parse(text(&values[0])), values)
}

fn invalid_url(url: &str, session: &Session) -> Failure {
    let advice = match ansi_advice(session) {
        "" => " Use `try_parse_url` to tolerate invalid URL and return NULL instead.",
        advice => advice,
    };
    failed(
        session,
        "INVALID_URL",
        &format!("The url is invalid: {url}.{advice}"),
        "22P02",
    )
}

fn part(address: Option<Address<'_>>, values: &[Value]) -> Result<Value, Failure> {
    let Some(address) = address else {
        return Ok(Value::Null);
    };
    let part = text(&values[1]).as_str();
    if let Some(key) = values.get(2) {
        let query = address.query.filter(|_| part == "QUERY");
        return query.map_or(Ok(Value::Null), |query| parameter(query, text(key)));
    }
    let found = match part {
        "PROTOCOL" => address.scheme,
        "HOST" => address.host().map(|(_, host)| host),
        "USERINFO" => address.host().and_then(|(user, _)| user),
        "AUTHORITY" => address.authority,
        "PATH" => address.path,
        "QUERY" => address.query,
        "REF" => address.fragment,
        "FILE" => {
            let file = address.path.map(|path| match address.query {
                Some(query) => format!("{path}?{query}"),
                None => path.to_owned(),
            });
            return file.map_or(Ok(Value::Null), string);
        }
        _ => None,
    };
    found.map_or(Ok(Value::Null), string)
}

/// The value of a key, which Spark takes for a regular expression.
fn parameter(query: &str, key: &str) -> Result<Value, Failure> {
    let pattern = JavaRegex::new(&format!("(&|^){key}=([^&]*)"));
    let pattern = pattern.map_err(|error| crate::functions::values::thrown(error.to_string()))?;
    let found = pattern.first(query)?;
    let group = found.as_ref().and_then(|found| found.get(2));
    group.map_or(Ok(Value::Null), |group| string(group.as_str()))
}

/// The parts of an address, as they are written.
struct Address<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    /// `None` of an address that is none of a place, such as `mailto:a@b`.
    path: Option<&'a str>,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// `None` of a text that is no address (`java.net.URISyntaxException`).
    fn parse(text: &'a str) -> Option<Address<'a>> {
        let (rest, fragment) = split(text, '#');
        let scheme_end = rest.find([':', '/', '?']);
        let scheme_end = scheme_end.filter(|end| rest[*end..].starts_with(':'));
        let (scheme, rest) = match scheme_end {
            Some(end) => (Some(&rest[..end]), &rest[end + 1..]),
            None => (None, rest),
        };
        let is_scheme = |scheme: &str| {
            scheme.starts_with(|it: char| it.is_ascii_alphabetic())
                && scheme
                    .chars()
                    .all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
        };
        let begins = is_legal_part(fragment.unwrap_or("")) && scheme.is_none_or(is_scheme);
        if !begins || (scheme.is_some() && rest.is_empty()) {
            return None;
        }
        if scheme.is_some() && !rest.starts_with('/') {
            return is_legal_part(rest).then_some(Address {
                scheme,
                authority: None,
                path: None,
                query: None,
                fragment,
            });
        }
        let (hierarchy, query) = split(rest, '?');
        let (authority, path) = match hierarchy.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                let authority = Some(&rest[..end]).filter(|it| !it.is_empty());
                // An empty authority stands before a path only.
                if authority.is_none() && end == rest.len() {
                    return None;
                }
                (authority, &rest[end..])
            }
            None => (None, hierarchy),
        };
        let is_address = is_legal_part(query.unwrap_or(""))
            && is_legal(path, "")
            && is_legal_part(authority.unwrap_or(""));
        is_address.then_some(Address {
            scheme,
            authority,
            path: Some(path),
            query,
            fragment,
        })
    }

    /// The user, if there is one, and the host, of an authority that is a host's.
    fn host(&self) -> Option<(Option<&'a str>, &'a str)> {
        let authority = self.authority?;
        let (user, rest) = match authority.rsplit_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, authority),
        };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port),
            _ => (rest, ""),
        };
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
        (is_port && is_host(host)).then_some((user, host))
    }
}

fn split(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Letters, digits and hyphens between points, the last of which begins with a letter; or numbers.
fn is_host(host: &str) -> bool {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        return true;
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        let ends = [label.bytes().next(), label.bytes().next_back()];
        ends.into_iter()
            .all(|end| end.is_some_and(|it| it.is_ascii_alphanumeric()))
            && label
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || it == b'-')
    };
    let last = host.rsplit('.').next().unwrap_or("");
    host.split('.').all(is_label) && last.starts_with(|it: char| it.is_ascii_alphabetic())
}

fn is_legal_part(part: &str) -> bool {
    is_legal(part, "[]")
}

/// True if all characters may stand in an address: these, those of all parts, escapes, and letters of other scripts.
fn is_legal(part: &str, more: &str) -> bool {
    let mut rest = part.chars();
    while let Some(character) = rest.next() {
        let is_legal = match character {
            '%' => {
                let mut digits = [rest.next(), rest.next()].into_iter();
                digits.all(|digit| digit.is_some_and(|it| it.is_ascii_hexdigit()))
            }
            _ if character.is_ascii() => {
                character.is_ascii_alphanumeric()
                    || "_-!.~'()*,;:$&+=?/@".contains(character)
                    || more.contains(character)
            }
            _ => !character.is_control() && !character.is_whitespace(),
        };
        if !is_legal {
            return false;
        }
    }
    true
}

/// `url_encode`: as a form is (`java.net.URLEncoder`).
fn url_encode(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let bytes = text(&values[0]).as_bytes();
    string(form_urlencoded::byte_serialize(bytes).collect::<String>())
}

/// `url_decode` (`java.net.URLDecoder`).
fn url_decode(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let url = text(&values[0]);
    let decoded = decoded(url).ok_or_else(|| {
        let message = format!(
            "The provided URL cannot be decoded: {url}. Please ensure that the URL is properly formatted and try again."
        );
        failed(call.session, "CANNOT_DECODE_URL", &message, "22546")
    });
    string(decoded?)
}

/// `None` of an escape that is none.
fn decoded(url: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(url.len());
    let mut rest = url.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?].map(char::from);
                let [high, low] = digits.map(|digit| digit.to_digit(16));
                (high? * 16 + low?) as u8
            }
            other => other,
        });
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
