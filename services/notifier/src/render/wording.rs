//! Dates, times and names as readers expect them, in Vietnamese, English and SMS.

use jiff::civil::{Date, DateTime, Weekday};
use vietnam::dates::{
    before, day_and_month, english, english_clock, english_span, english_weekday, short_clock,
    span, with_weekday,
};

use crate::domain::anchor::{Anchor, Bound};
use crate::domain::letter::LetterLanguage::{self, En, Vi};
use crate::domain::obligation::Place;

/// A moment in its lengths; all empty where nothing is fixed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wording {
    /// For sentences and subjects.
    pub(super) long: String,
    /// Of events, with the end, for the list of facts.
    pub(super) full: String,
    /// Of deadlines, for subjects.
    pub(super) short: String,
    /// For SMS.
    pub(super) sms: String,
}

fn sms_weekday(day: Weekday, language: LetterLanguage) -> &'static str {
    match (language, day) {
        (Vi, Weekday::Monday) => "T2",
        (Vi, Weekday::Tuesday) => "T3",
        (Vi, Weekday::Wednesday) => "T4",
        (Vi, Weekday::Thursday) => "T5",
        (Vi, Weekday::Friday) => "T6",
        (Vi, Weekday::Saturday) => "T7",
        (Vi, Weekday::Sunday) => "CN",
        (En, day) => &english_weekday(day)[..3],
    }
}

/// `thứ Ba, 09/4/2024`; `Tuesday 9 April 2024`.
pub(super) fn day(date: Date, language: LetterLanguage) -> String {
    match language {
        Vi => with_weekday(date),
        En => english(date),
    }
}

/// `9 April 2024`.
pub(super) fn english_date(date: Date) -> String {
    let whole = english(date);
    let day = whole.split_once(' ').map(|(_, day)| day.to_owned());
    day.unwrap_or(whole)
}

/// `T3 09/4`; `Tue 9 Apr`, because 09/4 is a day of September to some.
pub(super) fn day_sms(date: Date, language: LetterLanguage) -> String {
    let weekday = sms_weekday(date.weekday(), language);
    match language {
        Vi => format!("{weekday} {}", day_and_month(date)),
        En => {
            let named = english_date(date);
            let month = named.split(' ').nth(1).and_then(|month| month.get(..3));
            format!("{weekday} {} {}", date.day(), month.unwrap_or_default())
        }
    }
}

fn hour_sms(at: DateTime, language: LetterLanguage) -> String {
    match language {
        Vi => short_clock(at.time()),
        En => english_clock(at.time()),
    }
}

/// When an event takes place.
pub(super) fn event(anchor: &Anchor, language: LetterLanguage) -> Wording {
    match anchor {
        Anchor::Instant { start, end } => {
            let start = vietnam::local(*start);
            let end = end.map(vietnam::local);
            let long = moment(start, language);
            Wording {
                full: with_end(start, end, &long, language),
                sms: format!(
                    "{} {}",
                    hour_sms(start, language),
                    day_sms(start.date(), language)
                ),
                long,
                ..Wording::default()
            }
        }
        Anchor::Day { date, .. } => Wording {
            long: day(*date, language),
            full: day(*date, language),
            sms: day_sms(*date, language),
            ..Wording::default()
        },
        Anchor::Window { .. } | Anchor::Undated => Wording::default(),
    }
}

/// The moment with the word that goes before it: `lúc 08 giờ 00, thứ Năm, 11/4/2024`,
/// `vào thứ Năm, 11/4/2024`.
pub(super) fn at(anchor: &Anchor, wording: &Wording, language: LetterLanguage) -> String {
    let word = match (anchor, language) {
        (Anchor::Instant { .. }, Vi) => "lúc",
        (Anchor::Instant { .. }, En) => "at",
        (Anchor::Day { .. }, Vi) => "vào",
        (Anchor::Day { .. }, En) => "on",
        (Anchor::Window { .. } | Anchor::Undated, _) => return String::new(),
    };
    format!("{word} {}", wording.long)
}

/// `08 giờ 00, thứ Năm, 11/4/2024`.
fn moment(at: DateTime, language: LetterLanguage) -> String {
    match language {
        Vi => vietnam::dates::moment(at),
        En => vietnam::dates::english_moment(at),
    }
}

fn with_end(
    start: DateTime,
    end: Option<DateTime>,
    long: &str,
    language: LetterLanguage,
) -> String {
    match (end, language) {
        (None, _) => long.to_owned(),
        (Some(end), Vi) => span(start, end),
        (Some(end), En) => english_span(start, end),
    }
}

/// Where people come together, in words: the hall, online, or nobody knows yet.
pub(super) fn seat(place: &Place, language: LetterLanguage) -> String {
    let text = super::clean::line(&place.text);
    match (text.is_empty(), place.online_uri.is_empty(), language) {
        (false, ..) => text,
        (true, false, Vi) => "hình thức trực tuyến".to_owned(),
        (true, false, En) => "online".to_owned(),
        (true, true, Vi) => "địa điểm khác, sẽ thông báo sau".to_owned(),
        (true, true, En) => "another venue, to be announced".to_owned(),
    }
}

/// Until when something is to be done; a bound prints both readings.
pub(super) fn deadline(anchor: &Anchor, language: LetterLanguage) -> Wording {
    match (anchor, anchor.day()) {
        (
            Anchor::Day {
                date,
                bound: Bound::Before,
            },
            Some(last),
        ) => bounded(*date, last, language),
        (Anchor::Day { .. }, Some(last)) => through(last, language),
        (Anchor::Instant { start, .. }, _) => until(vietnam::local(*start), language),
        _ => Wording::default(),
    }
}

/// The last day stands first: whoever notes one day notes the right one.
fn bounded(date: Date, last: Date, language: LetterLanguage) -> Wording {
    let through = through(last, language);
    match language {
        Vi => Wording {
            long: before(date),
            ..through
        },
        En => through,
    }
}

fn through(last: Date, language: LetterLanguage) -> Wording {
    let last_day = day(last, language);
    match language {
        Vi => Wording {
            long: format!("chậm nhất hết {last_day}"),
            short: format!("hạn {last_day}"),
            sms: format!("het {}", day_sms(last, Vi)),
            ..Wording::default()
        },
        En => Wording {
            long: format!("by the end of {last_day}"),
            short: format!("due {last_day}"),
            sms: day_sms(last, En),
            ..Wording::default()
        },
    }
}

fn until(at: DateTime, language: LetterLanguage) -> Wording {
    let moment = moment(at, language);
    let sms = format!(
        "{} {}",
        hour_sms(at, language),
        day_sms(at.date(), language)
    );
    match language {
        Vi => Wording {
            long: format!("trước {moment}"),
            short: format!("hạn trước {moment}"),
            sms: format!("truoc {sms}"),
            ..Wording::default()
        },
        En => Wording {
            long: format!("before {moment}"),
            short: format!("due before {moment}"),
            sms: format!("before {sms}"),
            ..Wording::default()
        },
    }
}

/// The true remaining time on `today`: `hôm nay`, `ngày mai`, `còn 3 ngày`;
/// nothing once the day has passed.
pub(super) fn remaining(anchor: &Anchor, today: Date, language: LetterLanguage) -> String {
    let Some(day) = anchor.day() else {
        return String::new();
    };
    let days = vietnam_days(today, day);
    match (language, days) {
        (_, ..0) => String::new(),
        (Vi, 0) => "hôm nay".to_owned(),
        (Vi, 1) => "ngày mai".to_owned(),
        (Vi, days) => format!("còn {days} ngày"),
        (En, 0) => "today".to_owned(),
        (En, 1) => "tomorrow".to_owned(),
        (En, days) => format!("in {days} days"),
    }
}

/// A deadline with the time that is left, beside the day to which it counts: `chậm nhất hết thứ
/// Ba, 09/4/2024 (ngày mai)`, `chậm nhất hết thứ Ba, 09/4/2024 (ngày mai; trước ngày 10/4/2024)`.
pub(super) fn counted(deadline: &str, remaining: &str) -> String {
    match (remaining, deadline.split_once(" (")) {
        ("", _) => deadline.to_owned(),
        (_, Some((last, bound))) => format!("{last} ({remaining}; {bound}"),
        (_, None) => format!("{deadline} ({remaining})"),
    }
}

/// Whether it is today or tomorrow.
pub(super) fn is_soon(anchor: &Anchor, today: Date) -> bool {
    let days = anchor.day().map(|day| vietnam_days(today, day));
    days.is_some_and(|days| (0..=1).contains(&days))
}

fn vietnam_days(from: Date, to: Date) -> i32 {
    // Two dates of the calendar are never further apart than an i32 counts.
    from.until(to).map_or(0, |span| span.get_days())
}

/// How an organisation is greeted: `Quý HTX Nông nghiệp An Bình`; a unit of the
/// house without the honorific.
pub(super) fn greeted(name: &str, language: LetterLanguage) -> String {
    if language == En {
        return name.to_owned();
    }
    let short = shortened(name);
    let folded = vietnam::text::fold(&short);
    let own = ["van phong", "ban ", "phong ", "trung tam", "lien minh"];
    let already = ["quy ", "ong ", "ba ", "dong chi "];
    if own
        .iter()
        .chain(&already)
        .any(|word| folded.starts_with(word))
    {
        short
    } else {
        format!("Quý {short}")
    }
}

/// Whether a name is that of a cooperative, so that it is called "Quý HTX".
pub(super) fn is_cooperative(name: &str) -> bool {
    shortened(name).starts_with("HTX")
}

/// The kind of an organisation in short: `HTX Nông nghiệp An Bình`.
pub(super) fn shortened(name: &str) -> String {
    let folded = vietnam::text::fold(name);
    for (long, short) in [
        ("hop tac xa", "HTX"),
        ("lien hiep hop tac xa", "Liên hiệp HTX"),
    ] {
        // Folding keeps the number of characters of composed text.
        if folded.starts_with(long) {
            let rest: String = name.chars().skip(long.chars().count()).collect();
            return format!("{short}{rest}");
        }
    }
    name.to_owned()
}

/// A title for SMS: the one that was written for it, or the full one with the abbreviations
/// that every reader knows.
pub(super) fn sms_title(title: &str, short: &str) -> String {
    let chosen = if short.is_empty() { title } else { short };
    sms_name(chosen)
}

fn abbreviated(plain: &str) -> String {
    let mut text = plain.to_owned();
    for (long, short) in [
        ("Lien hiep Hop tac xa", "LHHTX"),
        ("Lien hiep hop tac xa", "LHHTX"),
        ("Lien minh Hop tac xa", "LMHTX"),
        ("Lien minh HTX", "LMHTX"),
        ("Hop tac xa", "HTX"),
        ("hop tac xa", "HTX"),
        ("To hop tac", "THT"),
        ("to hop tac", "THT"),
        ("Uy ban nhan dan", "UBND"),
    ] {
        text = text.replace(long, short);
    }
    text
}

/// A place for SMS, with the usual abbreviations.
pub(super) fn sms_place(place: &str) -> String {
    sms_name(place).replace("thanh pho ", "TP ")
}

/// A name for SMS, whole, with the usual abbreviations.
pub(super) fn sms_name(name: &str) -> String {
    abbreviated(&vietnam::sms::accentless(name))
}

/// What signs an SMS: the unit's own short name, or one made from the full one.
pub(super) fn sms_unit(name: &str, short_name: &str) -> String {
    let chosen = if short_name.is_empty() {
        name
    } else {
        short_name
    };
    let plain = sms_name(chosen)
        .replace("thanh pho ", "TP ")
        .replace("Thanh pho ", "TP ")
        .replace("tinh ", "")
        .replace("Tinh ", "");
    super::fit::cut(&plain, 28)
}

/// Who writes, within a sentence: an alliance by its kind in English, and its own name behind.
pub(super) fn alliance(name: &str, language: LetterLanguage) -> String {
    let seat = name.strip_prefix("Liên minh Hợp tác xã ");
    let seat = seat.filter(|_| language == En);
    let of = |kind: &str| seat.and_then(|seat| seat.strip_prefix(kind));
    match (of("thành phố "), of("tỉnh ")) {
        (Some(city), _) => format!("{city} City Cooperative Alliance ({name})"),
        (_, Some(province)) => format!("{province} Provincial Cooperative Alliance ({name})"),
        (None, None) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn before_the_tenth() -> Anchor {
        Anchor::Day {
            date: date(2024, 4, 10),
            bound: Bound::Before,
        }
    }

    #[test]
    fn a_bound_prints_both_readings() {
        let wording = deadline(&before_the_tenth(), Vi);
        assert_eq!(
            wording.long,
            "chậm nhất hết thứ Ba, 09/4/2024 (trước ngày 10/4/2024)"
        );
        assert_eq!(wording.short, "hạn thứ Ba, 09/4/2024");
        assert_eq!(wording.sms, "het T3 09/4");
        assert_eq!(
            counted(&wording.long, "ngày mai"),
            "chậm nhất hết thứ Ba, 09/4/2024 (ngày mai; trước ngày 10/4/2024)"
        );
        assert_eq!(deadline(&before_the_tenth(), En).sms, "Tue 9 Apr");
    }

    #[test]
    fn the_remaining_time_counts_to_the_last_day_to_act() {
        let anchor = before_the_tenth();
        for (today, words) in [
            (date(2024, 4, 6), "còn 3 ngày"),
            (date(2024, 4, 8), "ngày mai"),
            (date(2024, 4, 9), "hôm nay"),
            (date(2024, 4, 10), ""),
        ] {
            assert_eq!(remaining(&anchor, today, Vi), words);
        }
        assert_eq!(remaining(&anchor, date(2023, 4, 9), Vi), "còn 366 ngày");
    }

    #[test]
    fn case_10_hours_are_those_of_viet_nam_wherever_we_run() {
        let anchor = Anchor::Instant {
            start: vietnam::instant(date(2024, 4, 11).at(7, 30, 0, 0)),
            end: Some(vietnam::instant(date(2024, 4, 11).at(11, 0, 0, 0))),
        };
        let wording = event(&anchor, Vi);
        assert_eq!(wording.long, "07 giờ 30, thứ Năm, 11/4/2024");
        assert_eq!(wording.full, "07 giờ 30 đến 11 giờ 00, thứ Năm, 11/4/2024");
        assert_eq!(wording.sms, "07h30 T5 11/4");
        assert_eq!(event(&anchor, En).long, "07:30, Thursday 11 April 2024");
    }

    #[test]
    fn cooperatives_are_greeted_and_units_of_the_house_named() {
        assert_eq!(
            greeted("Hợp tác xã Nông nghiệp An Bình", Vi),
            "Quý HTX Nông nghiệp An Bình"
        );
        assert_eq!(
            greeted("Liên hiệp hợp tác xã Đại Lộc", Vi),
            "Quý Liên hiệp HTX Đại Lộc"
        );
        assert_eq!(
            greeted("Công ty TNHH Hoa Sen", Vi),
            "Quý Công ty TNHH Hoa Sen"
        );
        assert_eq!(
            greeted("Ban Chính sách – Tuyên truyền", Vi),
            "Ban Chính sách – Tuyên truyền"
        );
    }

    #[test]
    fn an_alliance_is_told_to_readers_of_english_as_one() {
        for (name, told) in [
            (
                "Liên minh Hợp tác xã thành phố Hải Phòng",
                "Hải Phòng City Cooperative Alliance (Liên minh Hợp tác xã thành phố Hải Phòng)",
            ),
            (
                "Liên minh Hợp tác xã tỉnh Đắk Nông",
                "Đắk Nông Provincial Cooperative Alliance (Liên minh Hợp tác xã tỉnh Đắk Nông)",
            ),
            ("Sở Nội vụ", "Sở Nội vụ"),
        ] {
            assert_eq!(alliance(name, En), told);
            assert_eq!(alliance(name, Vi), name);
        }
    }

    #[test]
    fn an_alliance_signs_an_sms_with_its_short_name() {
        assert_eq!(
            sms_unit("Liên minh Hợp tác xã thành phố Hải Phòng", ""),
            "LMHTX TP Hai Phong"
        );
        assert_eq!(sms_unit("x", "LMHTX Đắk Nông"), "LMHTX Dak Nong");
    }
}
