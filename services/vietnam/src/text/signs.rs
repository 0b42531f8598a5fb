//! The one table of signs: what names, titles and notes may hold, and what shows nothing.
//!
//! An allow-list: a sign that is not named here is refused, so that whatever Unicode adds stays
//! outside. Letters are Latin, for Vietnamese and for the languages of Việt Nam that are written in
//! Latin letters (Ê Đê, Gia Rai, Ba Na have `ƀ` and letters that compose with a breve: `ơ̆`).

use unicode_normalization::char::is_combining_mark;

use super::{Legacy, nfc};

/// Marks on one letter: Vietnamese needs none after composing, Ê Đê one; more than four are there
/// to cover the lines above and below.
const MARKS: usize = 4;

/// What a mail program decodes wherever it stands (RFC 2047 section 2): whatever was checked is not
/// what is shown.
pub const ENCODED_WORD: &str = "=?";

/// Where a text is going to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Room {
    /// A name, a title, a number: one line that becomes part of headers and of lists.
    Line,
    /// Some sentences, also in several lines, which may hold signs that illustrate.
    Note,
}

/// What a text must not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unfit {
    /// A sign that shows nothing, turns the direction or breaks the line.
    #[error("U+{:04X} shows nothing", u32::from(*.0))]
    Hidden(char),
    /// A letter or sign of another script, or one that passes for another.
    #[error("U+{:04X} is no letter or sign of ours", u32::from(*.0))]
    Foreign(char),
    /// A mark without a letter below it, or one too many.
    #[error("U+{:04X} stands on no letter, or on too many marks", u32::from(*.0))]
    Mark(char),
    /// The beginning of an encoded word.
    #[error("=? begins an encoded word")]
    EncodedWord,
    /// Vietnamese as it was typed before Unicode: whoever has not its fonts reads signs.
    #[error("it is written in {}", .0.name())]
    Legacy(Legacy),
}

/// The first thing in a text that does not belong there; composing (NFC) is done first.
///
/// ```
/// use vietnam::text::{Room, Unfit, unfit};
/// assert_eq!(unfit("HTX Bình Minh – số 12/2024", Room::Line), None);
/// assert_eq!(unfit("HTX B\u{456}nh Minh", Room::Line), Some(Unfit::Foreign('\u{456}')));
/// assert_eq!(unfit("mang theo:\n✍ bút", Room::Note), None);
/// let legacy = unfit("Hîp t¸c x· B×nh Minh", Room::Line);
/// assert_eq!(legacy, Some(Unfit::Legacy(vietnam::text::Legacy::Tcvn3)));
/// ```
#[must_use]
pub fn unfit(text: &str, room: Room) -> Option<Unfit> {
    if text.contains(ENCODED_WORD) {
        return Some(Unfit::EncodedWord);
    }
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    // Some of its signs are unfit by themselves; what it is says more.
    if let Some(legacy) = Legacy::of(text) {
        return Some(Unfit::Legacy(legacy));
    }
    match room {
        Room::Line => unfit_line(text, room),
        Room::Note => text
            .split('\n')
            .find_map(|line| unfit_line(line.strip_suffix('\r').unwrap_or(line), room)),
    }
}

fn unfit_line(text: &str, room: Room) -> Option<Unfit> {
    let mut before = None;
    let mut marks = 0;
    for c in nfc(text).chars() {
        if is_mark(c) {
            marks += 1;
            if marks > MARKS || !before.is_some_and(char::is_alphabetic) {
                return Some(Unfit::Mark(c));
            }
            continue;
        }
        if let Some(unfit) = unfit_sign(c, room) {
            return Some(unfit);
        }
        (before, marks) = (Some(c), 0);
    }
    None
}

fn unfit_sign(c: char, room: Room) -> Option<Unfit> {
    let blank = c.is_whitespace() && !is_line_end(c);
    if blank || is_plain(c) || (room == Room::Note && illustrates(c)) {
        None
    } else if is_hidden(c) || is_line_end(c) {
        Some(Unfit::Hidden(c))
    } else {
        Some(Unfit::Foreign(c))
    }
}

/// Ends a line in some program, and with it a header.
pub(super) const fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Marks that compose with Latin letters: above, below, horn. Strokes through a letter, which make
/// it another one, and frames around it are none of them.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{333}')
}

/// Whether a sign is a mark of any script, for texts that are shown and not refused.
pub(super) fn is_any_mark(c: char) -> bool {
    !c.is_ascii() && is_combining_mark(c)
}

/// Letters, figures and signs of names and titles.
const fn is_plain(c: char) -> bool {
    match c {
        // Letters that pass for plain ones (ı, ŉ, ſ), and those that no alphabet has any more.
        '\u{ad}' | '\u{131}' | '\u{138}' | '\u{13f}' | '\u{140}' | '\u{149}' | '\u{17f}' => false,
        ' '..='~' | '\u{a1}'..='\u{17f}' => true,
        // ƀ, ơ, ư and their capitals, the African D that some write for Đ; letters with two marks.
        '\u{180}' | '\u{189}' | '\u{243}' | '\u{1a0}' | '\u{1a1}' | '\u{1af}' | '\u{1b0}' => true,
        '\u{1ea0}'..='\u{1ef9}' => true,
        // Hyphens and dashes; quotes; † ‡ •; … ‰ ′ ″ ‹ ›.
        '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201a}' | '\u{201c}'..='\u{201e}' => true,
        '\u{2020}'..='\u{2022}' | '\u{2026}' | '\u{2030}' | '\u{2032}' | '\u{2033}' => true,
        '\u{2039}' | '\u{203a}' => true,
        // m⁴, CO₂; ₫ €; ℃ № ™; ⅓; arrows; − ≈ ≠ ≤ ≥.
        '\u{2070}' | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}' => true,
        '\u{20ab}' | '\u{20ac}' | '\u{2103}' | '\u{2116}' | '\u{2122}' => true,
        '\u{2153}'..='\u{215e}' | '\u{2190}'..='\u{2194}' => true,
        '\u{2212}' | '\u{2248}' | '\u{2260}' | '\u{2264}' | '\u{2265}' => true,
        // Bullets, boxes, stars, ticks and the telephone, which word processors put into headings.
        '■' | '□' | '▪' | '▫' | '►' | '◆' | '◇' | '○' | '●' => true,
        '★' | '☆' | '☎' | '☐'..='☒' | '✅' | '✓' | '✔' => true,
        _ => false,
    }
}

/// What else a note may hold: Greek letters of formulas that pass for no Latin ones, signs of
/// mathematics and dingbats, pictures.
const fn illustrates(c: char) -> bool {
    match c {
        'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω' => true,
        'β' | 'γ' | 'δ' | 'θ' | 'λ' | 'μ' | 'π' | 'σ' | 'φ' | 'ψ' | 'ω' => true,
        '‣' | '※' | '‼' | '⁇'..='⁉' | '℉' | '←'..='⇿' => true,
        '∂' | '∆' | '∑' | '√' | '∞' | '∫' | '∴' => true,
        '①'..='⑳' | '─'..='◿' | '☀'..='➿' | '⬛' | '⬜' | '⭐' | '⭕' => true,
        // Pictures without colours of skin, flags and what joins them.
        '\u{1f300}'..='\u{1f3f3}' | '\u{1f3f5}'..='\u{1f3fa}' => true,
        '\u{1f400}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6c5}' => true,
        '\u{1f7e0}'..='\u{1f7eb}' | '\u{1f900}'..='\u{1f9ff}' => true,
        _ => false,
    }
}

/// Whether a sign shows nothing of itself, or changes what stands beside it: controls, marks of
/// direction, joiners, selectors, tags, fillers, blanks that are letters to a program, private and
/// impossible characters (Unicode: Cc, Cf, Co, `Default_Ignorable_Code_Point`, noncharacters).
#[must_use]
pub const fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    match c {
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' => true,
        '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}' => true,
        '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' => true,
        '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' => true,
        // Without U+FFFD, which stands for what could not be read and is seen.
        '\u{fff0}'..='\u{fffc}' | '\u{fffe}' | '\u{ffff}' => true,
        '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' => true,
        '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'.. => true,
        _ => c as u32 & 0xfffe == 0xfffe,
    }
}

#[cfg(test)]
mod tests;
