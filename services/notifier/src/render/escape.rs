//! Values inside HTML. The template engine's own escaping also turns slashes into
//! references, which blows up every date and link and helps nobody here: values
//! stand in text and in quoted attributes only.

use minijinja::value::Value;
use minijinja::{AutoEscape, Error, Output, State, escape_formatter};

/// Writes a value, escaped where the template is HTML.
pub(super) fn format(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let html = matches!(state.auto_escape(), AutoEscape::Html);
    match value.as_str() {
        Some(text) if html && !value.is_safe() => Ok(out.write_str(&escaped(text))?),
        _ => escape_formatter(out, state, value),
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_text_or_an_attribute_is_escaped_and_dates_stay() {
        assert_eq!(
            escaped("<b class=\"x\">An & 'Bình' 09/4/2024</b>"),
            "&lt;b class=&quot;x&quot;&gt;An &amp; &#39;Bình&#39; 09/4/2024&lt;/b&gt;"
        );
    }
}
