//! The names of the columns of a schema.

/// The names of the columns of a schema such as `user STRING, at TIMESTAMP`; empty if it is none. The types are read by
/// the engine.
pub(crate) fn schema_columns(schema: &str) -> Vec<String> {
    let columns = split(schema).into_iter().map(name);
    columns.collect::<Option<Vec<String>>>().unwrap_or_default()
}

/// The parts between the commas that are in no brackets and no quotes.
fn split(schema: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, c) in schema.char_indices() {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '`' | '\'' | '"' => quote = Some(c),
            '<' | '(' => depth += 1,
            '>' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&schema[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&schema[start..]);
    parts
}

/// The name at the beginning of a column.
fn name(column: &str) -> Option<String> {
    let column = column.trim();
    if let Some(quoted) = column.strip_prefix('`') {
        let end = quoted.replace("``", "  ").find('`')?;
        return Some(quoted[..end].replace("``", "`"));
    }
    let name = column
        .split(|c: char| c.is_whitespace() || c == ':')
        .next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_names() {
        let check = |schema: &str, expected: &[&str]| {
            assert_eq!(schema_columns(schema), expected, "{schema}");
        };
        check("user STRING", &["user"]);
        check(
            "id BIGINT,name STRING , price DECIMAL(6,2)",
            &["id", "name", "price"],
        );
        check(
            "a STRUCT<x: INT, y: ARRAY<INT>>, b: MAP<STRING, INT>",
            &["a", "b"],
        );
        check(
            "`a, ``b` INT COMMENT 'c, d', e DATE NOT NULL",
            &["a, `b", "e"],
        );
        check("", &[]);
        check("a INT,", &[]);
        check("`a INT", &[]);
    }
}
