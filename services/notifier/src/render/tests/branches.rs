//! Every branch of every template is read by somebody.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use super::bed::{Post, letter};
use super::gallery;
use crate::domain::letter::{LetterKind, LetterLanguage};
use crate::render::{Inner, Renderer, Sender, compiled, templates};

/// The templates with a sign behind each branch, and the branches by number.
fn signed() -> (Vec<(&'static str, String)>, Vec<String>) {
    let mut branches = Vec::new();
    let mut sources = Vec::new();
    for (name, source) in templates::all() {
        let mut whole = String::with_capacity(source.len());
        for part in source.split_inclusive("%}") {
            whole.push_str(part);
            let tag = part.split_once("{%").map_or("", |(_, tag)| tag.trim());
            let word = tag.split(' ').next().unwrap();
            if ["if", "elif", "else", "for"].contains(&word) {
                whole.push_str(&format!("{{{{ reached({}) }}}}", branches.len()));
                branches.push(format!("{name}: {}", tag.trim_end_matches("%}")));
            }
        }
        sources.push((name, whole));
    }
    (sources, branches)
}

/// Renders a letter in both languages and as mail and SMS.
fn read(renderer: &Renderer, post: &Post) {
    for language in [LetterLanguage::Vi, LetterLanguage::En] {
        let prepared = renderer.prepare(post.letter.clone(), language, post.day);
        renderer.email_text(&prepared, &post.party).unwrap();
        renderer.sms(&prepared, &post.party).unwrap();
    }
}

#[test]
fn every_branch_of_every_template_is_reached_by_an_approved_text() {
    let (sources, branches) = signed();
    assert!(branches.len() > 400, "{} branches", branches.len());
    let mut templates = compiled(sources.into_iter()).unwrap();
    let reached = Arc::new(Mutex::new(BTreeSet::new()));
    let heard = Arc::clone(&reached);
    templates.add_function("reached", move |branch: usize| {
        heard.lock().unwrap().insert(branch);
        ""
    });
    let sender = Sender::new("nhacviec@lienminh.example", "lienminh.example").unwrap();
    let renderer = Renderer(Arc::new(Inner { templates, sender }));
    for kind in LetterKind::ALL {
        read(&renderer, &Post::of(letter(kind)));
        for (_, post) in gallery::of(kind) {
            read(&renderer, &post);
        }
    }
    let reached = reached.lock().unwrap();
    let missed: Vec<_> = (0..branches.len())
        .filter(|branch| !reached.contains(branch))
        .map(|branch| &branches[branch])
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
