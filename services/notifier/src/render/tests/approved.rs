//! Every text as it was approved.

use std::fmt::Write as _;

use super::bed::{Post, letter};
use super::gallery;
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

/// What a reader finds between greeting and name.
fn told(post: &Post) -> String {
    let (email, sms) = (post.email(), post.sms());
    let (_, body) = email.text.split_once(",\n\n").unwrap();
    let ends = ["Trân trọng,", "Yours sincerely,"];
    let body = ends.iter().find_map(|end| Some(body.split_once(end)?.0));
    format!(
        "{}\n\n{}\n\nSMS, {}: {}\n",
        email.subject,
        body.unwrap().trim_end(),
        sms.segments,
        sms.text
    )
}

/// The situations of a kind that have words of their own, each after its name.
fn situations(kind: LetterKind, language: LetterLanguage) -> String {
    let usual = Post::of(letter(kind)).in_language(language);
    let mut known = vec![told(&usual)];
    let mut all = String::new();
    for (situation, post) in gallery::of(kind) {
        let words = told(&post.in_language(language));
        if !known.contains(&words) {
            let _ = write!(all, "=== {situation}\n{words}\n");
            known.push(words);
        }
    }
    all
}

#[test]
fn every_situation_reads_as_it_was_approved() {
    for kind in LetterKind::ALL {
        for (language, tag) in [(LetterLanguage::Vi, "vi"), (LetterLanguage::En, "en")] {
            let post = Post::of(letter(kind)).in_language(language);
            if post.prepared().language == language {
                let name = format!("situations_{}_{tag}", kind.template());
                insta::assert_snapshot!(name, situations(kind, language));
            }
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
