//! Choosing words, so that an SMS costs one segment and loses nothing that matters.
//!
//! What is left out is left out whole: a phrase of the title, the second half of an address, the
//! reason. Numbers, months and names of places stay; rather a second segment than half a sentence.
//! Why something changed, that it is tomorrow, by when to answer anew, a new place with its street and where to bring
//! papers are worth a second segment, never a third.

use super::RenderError;
use super::facts::Facts;

/// The words of a message that may be shortened or left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words<'a> {
    pub(super) title: &'a str,
    pub(super) place: &'a str,
    /// Where something is to be sent or brought.
    pub(super) receiver: &'a str,
    /// Whether it says "hom nay" or "ngay mai".
    pub(super) soon: bool,
    pub(super) reply_by: &'a str,
    pub(super) reason: &'a str,
}

/// What a message can do without, if it must.
#[derive(Clone, Copy)]
enum Part {
    Reason,
    Soon,
    Title,
    Hall,
    ReplyBy,
    Receiver,
    Street,
}

impl Part {
    /// What is taken in first, and so is dropped last.
    const BY_WEIGHT: [Self; 7] = [
        Self::Reason,
        Self::Soon,
        Self::Title,
        Self::Hall,
        Self::ReplyBy,
        Self::Receiver,
        Self::Street,
    ];

    /// The same where readers had been told something else: they know what it is, and where.
    const OF_A_CORRECTION: [Self; 7] = [
        Self::Reason,
        Self::Soon,
        Self::ReplyBy,
        Self::Title,
        Self::Hall,
        Self::Receiver,
        Self::Street,
    ];

    const fn by_weight(corrects: bool) -> [Self; 7] {
        if corrects {
            Self::OF_A_CORRECTION
        } else {
            Self::BY_WEIGHT
        }
    }

    /// Whether it may cost a second segment: why, that it is tomorrow, and by when to answer anew, the new place with
    /// its street, where to bring papers.
    const fn is_worth_more(self, facts: &Facts) -> bool {
        match self {
            Self::Reason | Self::Soon => facts.corrects,
            Self::ReplyBy => facts.corrects,
            Self::Hall | Self::Street => facts.place_is_new,
            Self::Receiver => facts.hands_in,
            Self::Title => false,
        }
    }
}

/// What a message may cost for what is worth more.
const WORTH: usize = 2;

impl<'a> Words<'a> {
    fn with(&self, part: Part, whole: &Words<'a>, hall: &'a str) -> Self {
        let mut more = self.clone();
        match part {
            Part::Reason => more.reason = whole.reason,
            Part::Soon => more.soon = whole.soon,
            Part::Title => more.title = whole.title,
            Part::Hall => more.place = hall,
            Part::ReplyBy => more.reply_by = whole.reply_by,
            Part::Receiver => more.receiver = whole.receiver,
            Part::Street if more.place == hall => more.place = whole.place,
            Part::Street => {}
        }
        more
    }
}

/// The fullest text that costs no more segments than the shortest would, or than the shortest with
/// what is worth a second segment, if these are two at most.
///
/// What matters most is taken in first: the reason, "tomorrow" beside the date, a phrase of the
/// title, the hall, the day to answer by (of a correction before the title), where to send it, the
/// street.
pub(super) fn fullest(
    facts: &Facts,
    render: impl Fn(&Words<'_>) -> Result<String, RenderError>,
) -> Result<String, RenderError> {
    let whole = Words {
        title: &facts.title_sms,
        place: &facts.place_sms,
        receiver: &facts.receiver_sms,
        soon: facts.soon,
        reply_by: &facts.reply_by_sms,
        reason: &facts.reason_sms,
    };
    let text = render(&whole)?;
    if vietnam::sms::fits_in_one(&text) {
        return Ok(text);
    }
    let title = first_phrases(whole.title);
    let hall = first_phrase(whole.place);
    let mut words = Words {
        title: &title,
        // Whoever hears of another time knows a place that is the same.
        place: if facts.place_is_known { "" } else { hall },
        receiver: "",
        soon: false,
        reply_by: "",
        reason: "",
    };
    let mut text = render(&words)?;
    let mut most = cost(&text);
    for part in Part::by_weight(facts.corrects) {
        let more = words.with(part, &whole, hall);
        if more == words {
            continue;
        }
        let longer = render(&more)?;
        if part.is_worth_more(facts) && cost(&longer) <= WORTH {
            most = most.max(cost(&longer));
        }
        if cost(&longer) <= most {
            (words, text) = (more, longer);
        }
    }
    Ok(text)
}

fn cost(text: &str) -> usize {
    vietnam::sms::segments(text).count()
}

/// A place without what follows its first comma: the hall without the street.
fn first_phrase(place: &str) -> &str {
    place.split_once(", ").map_or(place, |(first, _)| first)
}

/// A title without phrases at its end that only add to it: in brackets, or behind a comma, a
/// semicolon or a dash; none that has a number, a month, a quarter or a place in it.
fn first_phrases(title: &str) -> String {
    let mut kept = title.trim();
    while let Some(at) = last_phrase(kept) {
        let (rest, phrase) = kept.split_at(at);
        if matters(phrase) || rest.trim().split(' ').count() < 3 {
            break;
        }
        kept = rest.trim_end_matches([' ', ',', ';', '-', ':']);
    }
    kept.to_owned()
}

/// Where the last phrase begins, if there is more than one.
fn last_phrase(title: &str) -> Option<usize> {
    if title.ends_with(')') {
        return title.rfind(" (");
    }
    [", ", "; ", " - "]
        .iter()
        .filter_map(|sign| title.rfind(sign))
        .max()
}

/// Whether readers need a phrase to know which matter is meant.
fn matters(phrase: &str) -> bool {
    const WORDS: [&str; 16] = [
        "thang", "quy", "nam", "ky", "dot", "cum", "xa", "phuong", "huyen", "tinh", "thanh", "tp",
        "thon", "khu", "month", "quarter",
    ];
    let mut words = phrase.split(|c: char| !c.is_ascii_alphanumeric());
    phrase.contains(|c: char| c.is_ascii_digit())
        || words.any(|word| WORDS.contains(&word.to_ascii_lowercase().as_str()))
}

/// The beginning of a name, at most `limit` characters, cut between words.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let head: String = text.chars().take(limit + 1).collect();
    match head.rfind(' ') {
        Some(at) => head[..at].trim_end_matches([' ', ',', '-', '(']).to_owned(),
        // One long word: better cut than kept.
        None => text.chars().take(limit).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_loses_whole_phrases_and_never_which_matter_it_is() {
        for (title, short) in [
            (
                "Hoi nghi tong ket (hop truc tiep tai hoi truong)",
                "Hoi nghi tong ket",
            ),
            (
                "Hoi nghi tuyen truyen Luat HTX - trao doi kinh nghiem, tham quan mo hinh",
                "Hoi nghi tuyen truyen Luat HTX",
            ),
            (
                "Bao cao tinh hinh hoat dong, thang 3/2024",
                "Bao cao tinh hinh hoat dong, thang 3/2024",
            ),
            ("Gap mat ky niem, cum Cu Jut", "Gap mat ky niem, cum Cu Jut"),
            ("Hop giao ban (quy I)", "Hop giao ban (quy I)"),
            ("Le, hop", "Le, hop"),
        ] {
            assert_eq!(first_phrases(title), short);
        }
    }

    #[test]
    fn a_place_keeps_its_hall() {
        assert_eq!(
            first_phrase("Hoi truong Lien minh, 15 Tran Phu"),
            "Hoi truong Lien minh"
        );
        assert_eq!(first_phrase("Nha van hoa"), "Nha van hoa");
    }

    proptest! {
        #[test]
        fn what_is_kept_is_a_beginning_with_all_its_brackets(text in "[a-zA-Z ,.()-]{0,120}", limit in 1_usize..100) {
            let open = |text: &str| text.matches('(').count() as i64 - text.matches(')').count() as i64;
            let title = format!("{} ({})", text.replace(['(', ')'], ""), "hop cum");
            let kept = first_phrases(&title);
            prop_assert!(title.trim().starts_with(&kept));
            prop_assert_eq!(open(&kept), 0);
            prop_assert!(cut(&text, limit).chars().count() <= limit);
        }
    }
}
