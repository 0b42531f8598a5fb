//! Reply pages as HTML: one column, readable at 360 px and by a screen reader,
//! without a script, without anything fetched from elsewhere.

use std::fmt::Write as _;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use kit::language::Language;

use super::texts::Texts;
use super::view::{Form, View};
use crate::domain::invitation::NAMES_LIMIT;

const STYLE: &str = "\
:root{color-scheme:light}\
*{box-sizing:border-box}\
body{margin:0;background:#f4f6f4;color:#1b1f1c;font:1.0625rem/1.55 system-ui,sans-serif}\
main{max-width:38rem;margin:0 auto;padding:1.25rem 1rem 2rem;background:#fff;min-height:100vh}\
h1{font-size:1.1rem;margin:0 0 1rem;color:#0b5d33}\
h2{font-size:1.4rem;line-height:1.3;margin:.25rem 0 1rem;overflow-wrap:anywhere}\
dl{margin:0 0 1.25rem}dt{font-weight:600;color:#48524b}dd{margin:0 0 .75rem;overflow-wrap:anywhere}\
.standing,.good,.bad{padding:.75rem 1rem;border-left:.3rem solid #6b756e;background:#f4f6f4}\
.news{padding:.75rem 1rem;border-left:.3rem solid #b45309;background:#fff4e0;font-weight:600}\
.house{margin:0;font-weight:600;color:#48524b}\
.good{border-color:#0b6b3a;background:#e7f5ec}.bad{border-color:#a3241b;background:#fdecea}\
label{display:block;font-weight:600;margin:1rem 0 .25rem}\
textarea{font:inherit;width:100%;padding:.5rem;border:1px solid #48524b;border-radius:.4rem}\
a{color:#0b5d33}\
input{font:inherit;width:8rem;min-height:3rem;padding:.5rem;border:1px solid #48524b;border-radius:.4rem}\
button{font:inherit;font-weight:600;display:block;width:100%;min-height:3.25rem;margin:1rem 0 0;\
padding:.6rem 1rem;border-radius:.4rem;border:2px solid #0b5d33;background:#0b5d33;color:#fff}\
button.other{background:#fff;color:#0b5d33}\
:focus-visible{outline:3px solid #b45309;outline-offset:2px}\
footer{margin-top:2rem;font-size:.95rem;color:#48524b}";

/// Nothing may be loaded or framed; forms go back to where the page came from.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// The HTML of a page.
pub(super) fn render(view: &View) -> String {
    let texts = Texts::of(view.language);
    let mut main = String::with_capacity(4096);
    if let Some(outcome) = &view.outcome {
        let (class, role) = if outcome.good {
            ("good", "status")
        } else {
            ("bad", "alert")
        };
        push(
            &mut main,
            format_args!("<p class={class} role={role}>{}</p>", escape(&outcome.text)),
        );
    }
    if !view.news.is_empty() {
        push(
            &mut main,
            format_args!("<p class=news>{}</p>", lines(&view.news)),
        );
    }
    push(
        &mut main,
        format_args!(
            "<p>{} {},</p><p>{}</p><h2>{}</h2><dl>",
            texts.dear,
            escape(&view.reader),
            escape(&view.opening),
            escape(&view.title)
        ),
    );
    for (label, values) in &view.facts {
        push(
            &mut main,
            format_args!("<dt>{label}</dt><dd>{}</dd>", lines(values)),
        );
    }
    push(
        &mut main,
        format_args!("</dl><p class=standing>{}</p>", escape(&view.standing)),
    );
    if let Some(form) = &view.form {
        main.push_str(&render_form(form, texts));
    }
    document(
        texts,
        &view.house,
        view.heading,
        &main,
        &footer(view, texts),
    )
}

fn lines(texts: &[String]) -> String {
    let lines: Vec<String> = texts.iter().map(|line| escape(line)).collect();
    lines.join("<br>")
}

fn render_form(form: &Form, texts: &Texts) -> String {
    match form {
        Form::Attendance {
            visit,
            attendees,
            names,
        } => {
            let value = match attendees {
                ..=0 => String::new(),
                number => number.to_string(),
            };
            let (yes, no) = if *visit {
                (texts.yes_visit, texts.no_visit)
            } else {
                (texts.yes, texts.no)
            };
            format!(
                "<form method=post><label for=attendees>{}</label>\
                 <input id=attendees name=attendees type=number inputmode=numeric min=0 max=500 \
                 value=\"{value}\">\
                 <label for=names>{}</label>\
                 <textarea id=names name=names rows=3 maxlength={NAMES_LIMIT}>{}</textarea>\
                 <button name=answer value=yes>{yes}</button>\
                 <button class=other name=answer value=no>{no}</button></form>",
                texts.attendees,
                texts.names,
                escape(names.expose()),
            )
        }
        Form::Sent => format!(
            "<form method=post><button name=answer value=sent>{}</button></form>",
            texts.sent
        ),
    }
}

/// What the page never asks, whom to call, and the other language.
fn footer(view: &View, texts: &Texts) -> String {
    let call = match &view.office.phone {
        Some(phone) => format!(
            "{} {}: <a href=\"tel:{}\">{phone}</a>.",
            texts.call,
            escape(&view.office.name),
            phone.e164()
        ),
        None => texts.call_as_written.to_owned(),
    };
    let (tag, name) = texts.other;
    format!(
        "<p>{call}</p><p>{}</p><p><a href=\"?lang={tag}\" hreflang={tag} lang={tag}>{name}</a></p>",
        texts.safe
    )
}

/// The page for a token that leads nowhere: forged, mistyped, or of nothing any more.
pub(super) fn unknown(language: Language) -> Response {
    let texts = Texts::of(language);
    message(
        language,
        StatusCode::NOT_FOUND,
        texts.not_found,
        texts.not_found_why,
    )
}

/// The page for whoever tries too many tokens.
pub(super) fn too_many(language: Language, wait: Duration) -> Response {
    later(language, wait, Texts::of(language).too_many)
}

/// The page for whoever changes an answer again and again.
pub(super) fn changed_too_often(language: Language, wait: Duration) -> Response {
    later(language, wait, Texts::of(language).changed_too_often)
}

fn later(language: Language, wait: Duration, text: &str) -> Response {
    let heading = Texts::of(language).later;
    let mut response = message(language, StatusCode::TOO_MANY_REQUESTS, heading, text);
    response.headers_mut().insert(
        header::RETRY_AFTER,
        HeaderValue::from(wait.as_secs().max(1)),
    );
    response
}

/// The page while something of ours is down.
pub(super) fn unavailable(language: Language) -> Response {
    let texts = Texts::of(language);
    message(
        language,
        StatusCode::SERVICE_UNAVAILABLE,
        texts.later,
        texts.unavailable,
    )
}

fn message(language: Language, status: StatusCode, heading: &str, text: &str) -> Response {
    let texts = Texts::of(language);
    let main = format!("<p>{}</p>", escape(text));
    let footer = format!("<p>{}</p>", texts.safe);
    respond(
        status,
        &document(texts, texts.house, heading, &main, &footer),
    )
}

/// A page with the headers that keep its address secret.
pub(super) fn respond(status: StatusCode, html: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "accept-language"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::HeaderName::from_static("x-robots-tag"),
            "noindex, nofollow",
        ),
    ];
    (status, headers, html.to_owned()).into_response()
}

fn document(texts: &Texts, house: &str, heading: &str, main: &str, footer: &str) -> String {
    let (tag, house) = (texts.tag, escape(house));
    format!(
        "<!doctype html><html lang={tag}><head><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\">\
         <title>{heading} - {house}</title><style>{STYLE}</style></head>\
         <body><main><p class=house>{house}</p><h1>{heading}</h1>{main}\
         <footer>{footer}</footer></main></body></html>"
    )
}

fn push(html: &mut String, part: std::fmt::Arguments<'_>) {
    // Writing to a string never fails.
    let _ = html.write_fmt(part);
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use kit::personal::Personal;
    use vietnam::phone::Phone;

    use super::*;
    use crate::api::directory::Office;
    use crate::api::reply::view::Said;

    fn view() -> View {
        View {
            language: Language::Vi,
            heading: "Trả lời lời mời",
            house: "Liên minh <HTX> tỉnh".to_owned(),
            reader: "HTX \"Một\"".to_owned(),
            news: vec!["Lý do: <mưa>".to_owned()],
            opening: "Kính mời".to_owned(),
            title: "Lễ <script>alert('x')</script> & phát động".to_owned(),
            facts: vec![(
                "Nội dung",
                vec!["Khai mạc".to_owned(), "\"Bế mạc\"".to_owned()],
            )],
            outcome: None,
            standing: "Quý đơn vị chưa trả lời.".to_owned(),
            form: Some(Form::Attendance {
                visit: false,
                attendees: 2,
                names: Personal::new("</textarea><b>".to_owned()),
            }),
            office: Office {
                name: "Văn phòng <1>".to_owned(),
                phone: Phone::parse("+842613842123").ok(),
            },
        }
    }

    #[test]
    fn what_people_wrote_never_becomes_markup() {
        let html = render(&view());
        assert!(!html.contains("<script"));
        assert!(
            html.contains("Lễ &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; phát động")
        );
        assert!(html.contains("Khai mạc<br>&quot;Bế mạc&quot;"));
        for part in [
            "Liên minh &lt;HTX&gt; tỉnh",
            "Kính gửi HTX &quot;Một&quot;,",
            "Lý do: &lt;mưa&gt;",
            ">&lt;/textarea&gt;&lt;b&gt;</textarea>",
            "Văn phòng &lt;1&gt;: <a href=\"tel:+842613842123\">0261 3842 123</a>.",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn a_page_has_a_language_a_heading_and_labels() {
        let html = render(&view());
        for part in [
            "<html lang=vi>",
            "<h1>Trả lời lời mời</h1>",
            "<label for=attendees>",
            "<label for=names>",
            "<a href=\"?lang=en\" hreflang=en lang=en>English</a>",
            "value=\"2\"",
        ] {
            assert!(html.contains(part), "{part}");
        }
    }

    #[test]
    fn a_click_is_answered_where_a_screen_reader_hears_it() {
        let html = render(&view().saying(Some(Said::Recorded)));
        assert!(html.contains("<p class=good role=status>Đã ghi nhận."));
        let html = render(&view().saying(Some(Said::Refused("Đã qua.".to_owned()))));
        assert!(html.contains("<p class=bad role=alert>Đã qua.</p>"));
    }
}
