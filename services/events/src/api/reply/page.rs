//! Reply pages as HTML: one column, readable at 360 px and by a screen reader,
//! without a script, without anything fetched from elsewhere.

use std::fmt::Write as _;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::view::{Form, View};

const STYLE: &str = "\
:root{color-scheme:light}\
*{box-sizing:border-box}\
body{margin:0;background:#f4f6f4;color:#1b1f1c;font:1.0625rem/1.55 system-ui,sans-serif}\
main{max-width:38rem;margin:0 auto;padding:1.25rem 1rem 2rem;background:#fff;min-height:100vh}\
h1{font-size:1.1rem;margin:0 0 1rem;color:#0b5d33}\
h2{font-size:1.4rem;line-height:1.3;margin:.25rem 0 1rem;overflow-wrap:anywhere}\
dl{margin:0 0 1.25rem}dt{font-weight:600;color:#48524b}dd{margin:0 0 .75rem;overflow-wrap:anywhere}\
.standing,.good,.bad{padding:.75rem 1rem;border-left:.3rem solid #6b756e;background:#f4f6f4}\
.good{border-color:#0b6b3a;background:#e7f5ec}.bad{border-color:#a3241b;background:#fdecea}\
label{display:block;font-weight:600;margin:1rem 0 .25rem}\
input{font:inherit;width:8rem;min-height:3rem;padding:.5rem;border:1px solid #48524b;border-radius:.4rem}\
button{font:inherit;font-weight:600;display:block;width:100%;min-height:3.25rem;margin:1rem 0 0;\
padding:.6rem 1rem;border-radius:.4rem;border:2px solid #0b5d33;background:#0b5d33;color:#fff}\
button.other{background:#fff;color:#0b5d33}\
:focus-visible{outline:3px solid #b45309;outline-offset:2px}\
footer{margin-top:2rem;font-size:.95rem;color:#48524b}";

/// Nothing may be loaded or framed; forms go back to where the page came from.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

const FOOTER: &str = "Trang này của Liên minh HTX không hỏi mật khẩu và không yêu cầu chuyển tiền. \
                      Nếu cần trao đổi, xin gọi số điện thoại ghi trong thư đã gửi Quý đơn vị.";

/// The HTML of a page.
pub(super) fn render(view: &View) -> String {
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
    push(
        &mut main,
        format_args!("<p>Kính gửi Quý đơn vị,</p><p>{}</p>", view.opening),
    );
    push(
        &mut main,
        format_args!("<h2>{}</h2><dl>", escape(&view.title)),
    );
    for (label, lines) in &view.facts {
        let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
        push(
            &mut main,
            format_args!("<dt>{label}</dt><dd>{}</dd>", lines.join("<br>")),
        );
    }
    push(
        &mut main,
        format_args!("</dl><p class=standing>{}</p>", escape(&view.standing)),
    );
    if let Some(form) = &view.form {
        main.push_str(&render_form(*form));
    }
    document(view.heading, &main)
}

fn render_form(form: Form) -> String {
    match form {
        Form::Attendance { attendees } => {
            let value = if attendees > 0 {
                attendees.to_string()
            } else {
                String::new()
            };
            format!(
                "<form method=post><label for=attendees>Số người dự (nếu biết)</label>\
                 <input id=attendees name=attendees type=number inputmode=numeric min=0 max=500 \
                 value=\"{value}\">\
                 <button name=answer value=yes>Chúng tôi sẽ dự</button>\
                 <button class=other name=answer value=no>Chúng tôi không dự được</button></form>"
            )
        }
        Form::Sent => "<form method=post>\
                       <button name=answer value=sent>Chúng tôi đã gửi báo cáo</button></form>"
            .to_owned(),
    }
}

/// The page for a token that leads nowhere: forged, mistyped, or of nothing any more.
pub(super) fn unknown() -> Response {
    message(
        StatusCode::NOT_FOUND,
        "Không tìm thấy trang",
        "Liên kết không đúng hoặc không còn hiệu lực. Xin mở lại liên kết trong thư, hoặc gọi số \
         điện thoại ghi trong thư.",
    )
}

/// The page for whoever tries too many tokens.
pub(super) fn too_many(wait: Duration) -> Response {
    later(
        wait,
        "Đã mở sai liên kết quá nhiều lần. Xin chờ ít phút rồi mở lại liên kết trong thư.",
    )
}

/// The page for whoever changes an answer again and again.
pub(super) fn changed_too_often(wait: Duration) -> Response {
    later(
        wait,
        "Câu trả lời đã được thay đổi nhiều lần liên tiếp; lần này chưa được ghi nhận. Xin chờ ít \
         phút rồi mở lại liên kết trong thư.",
    )
}

fn later(wait: Duration, text: &str) -> Response {
    let mut response = message(StatusCode::TOO_MANY_REQUESTS, "Xin thử lại sau", text);
    response.headers_mut().insert(
        header::RETRY_AFTER,
        HeaderValue::from(wait.as_secs().max(1)),
    );
    response
}

/// The page while something of ours is down.
pub(super) fn unavailable() -> Response {
    message(
        StatusCode::SERVICE_UNAVAILABLE,
        "Xin thử lại sau",
        "Hệ thống tạm thời chưa phục vụ được, câu trả lời chưa được ghi nhận. Xin thử lại sau ít \
         phút.",
    )
}

fn message(status: StatusCode, heading: &str, text: &str) -> Response {
    respond(
        status,
        &document(heading, &format!("<p>{}</p>", escape(text))),
    )
}

/// A page with the headers that keep its address secret.
pub(super) fn respond(status: StatusCode, html: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::HeaderName::from_static("x-robots-tag"),
            "noindex, nofollow",
        ),
    ];
    (status, headers, html.to_owned()).into_response()
}

fn document(heading: &str, main: &str) -> String {
    format!(
        "<!doctype html><html lang=vi><head><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\">\
         <title>{heading} - Liên minh HTX</title><style>{STYLE}</style></head>\
         <body><main><h1>{heading}</h1>{main}<footer>{FOOTER}</footer></main></body></html>"
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
    use super::*;
    use crate::api::reply::view::Said;

    fn view() -> View {
        View {
            heading: "Trả lời lời mời",
            opening: "Kính mời",
            title: "Lễ <script>alert('x')</script> & phát động".to_owned(),
            facts: vec![(
                "Nội dung",
                vec!["Khai mạc".to_owned(), "\"Bế mạc\"".to_owned()],
            )],
            outcome: None,
            standing: "Quý đơn vị chưa trả lời.".to_owned(),
            form: Some(Form::Attendance { attendees: 2 }),
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
    }

    #[test]
    fn a_page_has_a_language_a_heading_and_labels() {
        let html = render(&view());
        for part in [
            "<html lang=vi>",
            "<main><h1>",
            "<label for=attendees>",
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
