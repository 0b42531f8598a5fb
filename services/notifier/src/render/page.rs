//! The body of an email, written once as lines and shown as text and as HTML.
//!
//! A template puts each paragraph on a line of its own. A line that begins with `| ` is a
//! fact, `| label | value`, left out where it has no value; one with `- ` belongs to a list;
//! one with `=> ` is what the reader should press, `=> label | link`. What these signs mean is
//! settled on the template's own text: no title and no name can say them.

use serde::Serialize;

/// Begins a fact, an item of a list, a button; parts a label from what it names.
const FACT: char = '\u{1d}';
const ITEM: char = '\u{1c}';
const BUTTON: char = '\u{1e}';
const PART: char = '\u{1f}';

/// Around words that are to be seen first.
const STRONG: char = '\u{2}';
const PLAIN: char = '\u{3}';

/// A line break within a fact.
pub(super) const BREAK: char = '\u{b}';

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Block {
    Text(Vec<Piece>),
    Rows(Vec<Row>),
    Items(Vec<String>),
    Button(Button),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Piece {
    strong: bool,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    label: String,
    text: String,
    link: String,
    dial: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Button {
    label: String,
    link: String,
}

/// The source of a template with its signs settled.
pub(super) fn settled(source: &str) -> String {
    let mut settled = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        let signs = [("| ", FACT), ("- ", ITEM), ("=> ", BUTTON)];
        let marked = signs
            .iter()
            .find_map(|(sign, mark)| Some((*mark, line.strip_prefix(sign)?)));
        match marked {
            Some((mark, rest)) => {
                settled.push(mark);
                settled.push_str(&rest.replacen(" | ", &PART.to_string(), 1));
            }
            None => settled.push_str(line),
        }
    }
    settled
}

/// Marks words that are to be seen first.
pub(super) fn strong(text: &str) -> String {
    format!("{STRONG}{text}{PLAIN}")
}

/// What a template has written, as blocks.
pub(super) fn blocks(written: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for line in written
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        if let Some(row) = line.strip_prefix(FACT) {
            put_row(&mut blocks, row);
        } else if let Some(item) = line.strip_prefix(ITEM) {
            put_item(&mut blocks, item.to_owned());
        } else if let Some(written) = line.strip_prefix(BUTTON) {
            blocks.extend(button(written));
        } else {
            blocks.push(Block::Text(pieces(line)));
        }
    }
    blocks
}

fn put_row(blocks: &mut Vec<Block>, line: &str) {
    let (label, text) = line.split_once(PART).unwrap_or((line, ""));
    if text.trim().is_empty() {
        return;
    }
    let text = text.trim().replace(BREAK, "\n");
    let row = Row {
        label: label.trim().to_owned(),
        link: super::clean::link(&text),
        dial: vietnam::phone::dialled(&text),
        text,
    };
    match blocks.last_mut() {
        Some(Block::Rows(rows)) => rows.push(row),
        _ => blocks.push(Block::Rows(vec![row])),
    }
}

fn put_item(blocks: &mut Vec<Block>, item: String) {
    match blocks.last_mut() {
        Some(Block::Items(items)) => items.push(item),
        _ => blocks.push(Block::Items(vec![item])),
    }
}

fn button(line: &str) -> Option<Block> {
    let (label, link) = line.split_once(PART)?;
    let link = link.trim();
    (!link.is_empty()).then(|| {
        Block::Button(Button {
            label: label.trim().to_owned(),
            link: link.to_owned(),
        })
    })
}

fn pieces(line: &str) -> Vec<Piece> {
    let mut strong = false;
    let mut pieces = Vec::new();
    for text in line.split([STRONG, PLAIN]) {
        if !text.is_empty() {
            let text = text.replace(BREAK, "; ");
            pieces.push(Piece { strong, text });
        }
        strong = !strong;
    }
    pieces
}

/// The plain part: paragraphs with an empty line between them.
pub(super) fn text(blocks: &[Block]) -> String {
    let shown: Vec<String> = blocks.iter().map(shown).collect();
    shown.join("\n\n")
}

fn shown(block: &Block) -> String {
    match block {
        Block::Text(pieces) => pieces.iter().map(|piece| piece.text.as_str()).collect(),
        Block::Rows(rows) => lines(rows.iter().map(|row| {
            let text = row.text.replace('\n', "; ");
            format!("{}: {text}", row.label)
        })),
        Block::Items(items) => lines(items.iter().map(|item| format!("- {item}"))),
        Block::Button(button) => format!("{}: {}", button.label, button.link),
    }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_shown_as_text() {
        let written = settled(
            "Xin nhắc X.\n\n| Thời gian | 08 giờ\n| Ghi chú | \n| Nội dung | một\u{b}hai\n\
             Giấy tờ:\n- đơn\n- bản sao\n=> Trả lời | https://a.example/r/1\n",
        );
        assert_eq!(
            text(&blocks(&written)),
            "Xin nhắc X.\n\nThời gian: 08 giờ\nNội dung: một; hai\n\nGiấy tờ:\n\n- đơn\n- bản sao\n\n\
             Trả lời: https://a.example/r/1"
        );
    }

    #[test]
    fn a_title_that_looks_like_a_button_stays_words() {
        let value = "=> Bấm vào đây | https://evil.example";
        let written = format!("{value}, dự kiến 08 giờ\n");
        let expected = format!("{value}, dự kiến 08 giờ");
        assert_eq!(text(&blocks(&written)), expected);
        assert!(matches!(blocks(&written)[..], [Block::Text(_)]));
        let fact = settled("| Nội dung | X\n").replace('X', "a | b");
        assert_eq!(text(&blocks(&fact)), "Nội dung: a | b");
    }

    #[test]
    fn words_to_be_seen_first_are_pieces_of_their_own() {
        let written = format!("chậm nhất {}, hoặc gọi", strong("thứ Hai"));
        let Block::Text(pieces) = &blocks(&written)[0] else {
            panic!("a paragraph")
        };
        let strong: Vec<_> = pieces.iter().map(|piece| piece.strong).collect();
        assert_eq!(strong, [false, true, false]);
    }
}
