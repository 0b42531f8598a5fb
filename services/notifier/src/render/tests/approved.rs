//! Every text as it was approved.

use super::bed::{Post, letter};
use crate::domain::letter::{LetterKind, LetterLanguage};

fn shown(post: &Post) -> String {
    let (email, sms) = (post.email(), post.sms());
    format!(
        "{}\n\n{}\n=== SMS, {} segment(s), {} characters\n{}\n=== HTML\n{}\n",
        email.subject,
        email.text,
        sms.segments,
        sms.text.len(),
        sms.text,
        email.html
    )
}

#[test]
fn every_text_reads_as_it_was_approved() {
    for kind in LetterKind::ALL {
        insta::assert_snapshot!(kind.template(), shown(&Post::of(letter(kind))));
    }
}

#[test]
fn every_english_text_reads_as_it_was_approved() {
    for kind in LetterKind::ALL {
        let post = Post::of(letter(kind)).in_language(LetterLanguage::En);
        if post.prepared().language == LetterLanguage::En {
            insta::assert_snapshot!(format!("{}_en", kind.template()), shown(&post));
        }
    }
}

#[test]
fn no_text_says_overdue_and_no_message_asks_for_a_transfer() {
    for kind in LetterKind::ALL {
        let text = shown(&Post::of(letter(kind)));
        for wrong in ["quá hạn", "huyện", "chuyển khoản"] {
            assert!(!text.contains(wrong), "{kind:?}: {wrong}");
        }
    }
}

#[test]
fn nothing_in_html_comes_from_elsewhere() {
    for kind in LetterKind::ALL {
        let text = shown(&Post::of(letter(kind)));
        for word in ["src=", "url(", "<script", "<link", "@import"] {
            assert!(!text.contains(word), "{kind:?} contains {word}");
        }
        assert!(text.contains("lang=\"vi\""));
    }
}

#[test]
fn a_letter_without_english_text_is_sent_in_vietnamese() {
    let post = Post::of(letter(LetterKind::CallList)).in_language(LetterLanguage::En);
    assert_eq!(post.prepared().language, LetterLanguage::Vi);
}
