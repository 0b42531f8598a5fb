//! The days and hours that a text names: whether they are the script's, and not over.

use jiff::civil::{Date, Weekday};

use super::{Message, Saying, days_between};

/// Hour and minute.
pub type Clock = (i8, i8);

/// A day as a text names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    written: String,
    /// `None`: there is no such day.
    date: Option<Date>,
    /// The words before it.
    before: String,
}

const WEEKDAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "thứ Hai", "T2"),
    (Weekday::Tuesday, "thứ Ba", "T3"),
    (Weekday::Wednesday, "thứ Tư", "T4"),
    (Weekday::Thursday, "thứ Năm", "T5"),
    (Weekday::Friday, "thứ Sáu", "T6"),
    (Weekday::Saturday, "thứ Bảy", "T7"),
    (Weekday::Sunday, "Chủ nhật", "CN"),
];

/// What is wrong with the days and hours of a message.
pub(super) fn faults(message: &Message, saying: &Saying) -> Vec<String> {
    let mut faults = Vec::new();
    for body in bodies(message) {
        let own = without_quotes(message, &body, &saying.quoted);
        for day in days(&own, message.at.year()) {
            faults.extend(day_fault(&day, message, saying));
        }
        for (hour, minute) in hours(&own) {
            if !saying.hours.contains(&(hour, minute)) {
                faults.push(format!("an hour of another time: {hour:02}:{minute:02}"));
            }
        }
        faults.extend(countdown_fault(&own, message, saying));
    }
    faults
}

fn bodies(message: &Message) -> Vec<String> {
    let html = message.html.clone();
    [
        Some(message.subject.clone()),
        Some(message.text.clone()),
        html,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What plan and script say in their own words may hold any day.
fn without_quotes(message: &Message, body: &str, quoted: &[String]) -> String {
    let flat = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if message.is_sms {
            text.to_lowercase()
        } else {
            text
        }
    };
    let own = |quote: &String| {
        if message.is_sms {
            vietnam::text::fold(quote)
        } else {
            quote.clone()
        }
    };
    let mut longest: Vec<String> = quoted.iter().map(own).collect();
    longest.sort_by_key(|quote| std::cmp::Reverse(quote.len()));
    let text = without_addresses(&flat(body));
    longest
        .iter()
        .filter(|quote| !quote.is_empty())
        .fold(text, |text, quote| text.replace(quote.as_str(), " … "))
}

/// What stands in the address of a page is drawn by lot, and looks like an hour now and then.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split("http");
    let mut own = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find([' ', '"', '<']).unwrap_or(part.len());
        own.push('…');
        own.push_str(&part[end..]);
    }
    own
}

fn day_fault(day: &Named, message: &Message, saying: &Saying) -> Option<String> {
    let written = &day.written;
    let Some(date) = day.date else {
        return Some(format!("there is no day {written}"));
    };
    if !written_well(written, date) {
        return Some(format!("a day in another form: {written}"));
    }
    if let Some(fault) = weekday_fault(day, date) {
        return Some(fault);
    }
    let today = message.at.date();
    if saying.past.contains(&date) || date == today {
        return None;
    }
    if date < today {
        return Some(format!("a day that is over: {written}"));
    }
    (!saying.days.contains(&date))
        .then(|| format!("a day that the script does not know: {written}"))
}

/// Noughts where documents write them (Decree 30/2020/NĐ-CP): 09/4/2024, 01/02/2024.
fn written_well(written: &str, date: Date) -> bool {
    let month = if date.month() < 3 {
        format!("{:02}", date.month())
    } else {
        date.month().to_string()
    };
    let short = format!("{:02}/{month}", date.day());
    written == short || written == format!("{short}/{}", date.year())
}

fn weekday_fault(day: &Named, date: Date) -> Option<String> {
    let before = day.before.trim_end_matches([' ', ',']);
    let folded = vietnam::text::fold(before);
    let named = WEEKDAYS.iter().find(|(_, long, short)| {
        folded.ends_with(&vietnam::text::fold(long))
            || folded
                .rsplit(' ')
                .next()
                .is_some_and(|word| word == short.to_lowercase())
    });
    let wrong = named.filter(|(weekday, ..)| *weekday != date.weekday());
    wrong.map(|(_, long, _)| format!("{} is no {long}", day.written))
}

/// `hôm nay`, `ngày mai`, `còn 3 ngày` count from the day of the message to the last one.
fn countdown_fault(text: &str, message: &Message, saying: &Saying) -> Option<String> {
    let folded = vietnam::text::fold(text);
    let named = if folded.contains("hom nay") {
        Some(0)
    } else if folded.contains("ngay mai") {
        Some(1)
    } else {
        counted(&folded)
    };
    let (days, last) = (named?, saying.day);
    let right = last.map(|last| days_between(message.at, last));
    (right != Some(days)).then(|| format!("it counts {days} days to {last:?}"))
}

fn counted(folded: &str) -> Option<i32> {
    let (_, rest) = folded.split_once("con ")?;
    let (number, rest) = rest.split_once(' ')?;
    rest.starts_with("ngay").then(|| number.parse().ok())?
}

/// Every `d/m` and `d/m/yyyy` that is a word of its own.
fn days(text: &str, year: i16) -> Vec<Named> {
    let mut found = Vec::new();
    let mut from = 0;
    for word in text.split_inclusive(|c: char| !(c.is_ascii_digit() || c == '/')) {
        let body = word.trim_end_matches(|c: char| !(c.is_ascii_digit() || c == '/'));
        let glued = text[from + body.len()..]
            .chars()
            .next()
            .is_some_and(char::is_alphabetic);
        if let Some((date, written)) = as_day(body, year).filter(|_| !glued) {
            let before = text[..from].to_owned();
            found.push(Named {
                written,
                date,
                before,
            });
        }
        from += word.len();
    }
    found
}

fn as_day(word: &str, year: i16) -> Option<(Option<Date>, String)> {
    let parts: Vec<&str> = word.split('/').collect();
    let small = |text: &str| (1..=2).contains(&text.len());
    let number = |text: &str| text.parse::<i8>().ok();
    let (day, month, year) = match parts[..] {
        [day, month] if small(day) && small(month) => (number(day)?, number(month)?, year),
        [day, month, year] if small(day) && small(month) && year.len() == 4 => {
            (number(day)?, number(month)?, year.parse().ok()?)
        }
        _ => return None,
    };
    Some((Date::new(year, month, day).ok(), word.to_owned()))
}

/// Every `08 giờ 00` and `08h00`.
fn hours(text: &str) -> Vec<Clock> {
    let folded = vietnam::text::fold(text);
    let mut found = Vec::new();
    for sign in [" gio ", "h"] {
        for (at, _) in folded.match_indices(sign) {
            let hour = last_two_digits(&folded[..at]);
            let minute = first_two_digits(&folded[at + sign.len()..]);
            found.extend(hour.zip(minute));
        }
    }
    found
}

fn last_two_digits(text: &str) -> Option<i8> {
    let from = text.len().checked_sub(2)?;
    let digits = text.get(from..)?;
    digits
        .chars()
        .all(|c| c.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

fn first_two_digits(text: &str) -> Option<i8> {
    let digits = text.get(..2)?;
    digits
        .chars()
        .all(|c| c.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_found_and_numbers_of_documents_and_months_are_none() {
        let text = "thứ Sáu, 29/3/2024 (16/GM-LMHTX; tháng 4/2024; đợt 1/2024), T2 01/4, 30/02";
        let found: Vec<_> = days(text, 2024)
            .into_iter()
            .map(|day| (day.written, day.date))
            .collect();
        assert_eq!(
            found,
            [
                ("29/3/2024".to_owned(), Some(date(2024, 3, 29))),
                ("01/4".to_owned(), Some(date(2024, 4, 1))),
                ("30/02".to_owned(), None)
            ]
        );
    }

    #[test]
    fn what_the_address_of_a_page_holds_is_no_hour() {
        let text =
            "lúc 08h00: <a href=\"https://a.example/r/AS27h34Ski\">http://a/r/x11h22</a> 09h15";
        assert_eq!(hours(&without_addresses(text)), [(8, 0), (9, 15)]);
    }

    #[test]
    fn hours_are_found_in_both_forms() {
        assert_eq!(
            hours("từ 08 giờ 00 đến 10 giờ 30, 07h45"),
            [(8, 0), (10, 30), (7, 45)]
        );
    }
}
