//! What `lienminh vn --help` prints.

use kit::language::Language;

/// The page in the language of this run.
pub(super) fn text() -> &'static str {
    match crate::language::current() {
        Language::Vi => include_str!("help.vi.txt"),
        Language::En => ENGLISH,
    }
}

const ENGLISH: &str = "\
The rules of Vietnamese offices, one item a line

Usage: lienminh vn TOPIC [OPTIONS] [ITEM]...
       lienminh vn TOPIC [OPTIONS] < items > answers.jsonl

Reads one item per line from standard input, or takes its words from the command line (for holiday,
lunar, taxcode, phone and sort each word is an item; elsewhere they form one), and prints one JSON
object per line in the same order. Dates are ISO in and out, numbers are JSON integers, what is not
known is null. An item that cannot be read gives {\"error\": \"...\"} on its line, and exit code 1 in
the end; a command that cannot be understood gives exit code 2.

Time
  holiday   DATE                  What a day is
              date       the day
              off        true if nobody works: rest days, announced and computed days off; a
                         proposal never counts
              name       of a day that differs from the plain week
              status     announced, computed (follows from the law, no decision yet)
              why        working_day, weekend, holiday, in_lieu, swapped_off, working_weekend
              decision   the decision it comes from, where known
              proposed   what a ministry proposed for the day
  workday   DATE N                The n-th working day after a day, or before it for a negative n
              date       that day; the day itself for 0
  deadline  START AMOUNT UNIT     End of a term by articles 147-148 of the Civil Code; UNIT is days,
                                  weeks, months or years
              last_day   the last day to act; the first day is not counted, a day off moves to the
                         next working day
              ends_at    24:00 of that day in Viet Nam, the first instant that is too late
              counted    the day on which counting alone ends
  when      INSTANT NOW           How far an instant is, in words; ISO with offset or Z, or local
              text       hôm nay, ngày mai, còn 3 ngày, đã quá hạn 2 ngày làm việc
  window    TEXT CONTEXT-YEAR     A span as plans print it: cuối tháng 3, quý II, trước 10/4
              start      first day; null where only an end is named
              end        last day on which it can be done
              precision  day, month, year, or approx (đầu, giữa, cuối)
              bound      before (trước), through (đến hết), null for a span
              derived    true if the year comes from the context
              text       as printed
              wording    in plain words with all years
  Options of holiday, workday, deadline, when: --decisions FILE adds decisions in the format of the
  library's data/holidays.csv; --six-days counts with a week from Monday to Saturday.

Moon (UTC+7, lunar years 1900 to 2099)
  lunar     DATE                  The lunar date of a solar one
              year, month, day   integers; leap is true in the second month of a number
              year_name, month_name, day_name   Giáp Thìn, tháng Giêng, ...
              uncertain  true if a new moon within two minutes of midnight leaves it in doubt
  solar     YEAR MONTH DAY [leap] The solar date of a lunar one
              date       the day
              uncertain  as above

Text
  fold      TEXT                  The search form
              text       small letters, no diacritics
  sort      TEXT                  Reads all, prints in Vietnamese order; --people: by given name
              text       the item
              key        a key whose byte order is that order
  sms       TEXT                  What a text costs as a message
              encoding   GSM7 or UCS2
              units      septets or 16-bit units
              segments   how many messages the network counts
              parts      the text of each
              accentless the text without diacritics and typographic signs
              accentless_encoding, accentless_segments   what that one costs

Money
  money     AMOUNT                Figures as offices write them
              text       195.000.000 đồng
              short      195 triệu, 1,2 tỷ, only where it says the same
  words     AMOUNT                Words as banks write them
              text       một trăm chín mươi lăm triệu đồng
              capitalised   the same with a capital at the start
  amount    TEXT                  Reads 195trđ, 195 triệu đồng, 1.2 tỷ, 195.000.000, words
              dong       whole đồng

Identifiers and places
  taxcode   CODE                  A tax code of 10 or 13 digits
              valid      whether its check digit is right
              normal     0100233488 or 0100233488-001
              branch     number of the dependent unit
  phone     NUMBER                A telephone number, also of eleven digits before 2018
              e164       +84...
              kind       mobile or landline
              sms        whether messages reach it
              domestic   0...
  docnum    TEXT                  A document number
              normal     123/KH-LMHTX; printed as it was given
              number     the running number, null in a draft
              type       KH, NĐ, QĐ, ... with its diacritics; null for an official letter
              issuer, unit   who issued it, and the unit that drafted a letter
              party      true for the form of the Party, 20-NQ/TW
              year       in the number; date and subject where they follow it
  unit      NAME|CODE [DATE]      An administrative unit by name or code, on a day or today
              code       of the unit; name with its type
              kind       tỉnh, thành phố, xã, phường, đặc khu, ...
              province   code of its province
              valid_from, valid_to   first and last day, where known
              successor, successor_name   what it became part of, null while it exists
              others     codes of further units that fit as well
  Options of unit: --districts adds the districts that ceased to be on 1 July 2025; --communes FILE
  adds units (code,full_name,province[,from,to,successors]).
";

#[cfg(test)]
mod tests {
    use super::*;

    /// Topics and fields: what stands at the two margins.
    fn named(page: &str) -> Vec<&str> {
        let named = page.lines().filter_map(|line| {
            let told = line.trim_start();
            let word = told.split(' ').next()?;
            let topic = line.len() - told.len() == 2 && told[word.len()..].starts_with("  ");
            let field = line.len() - told.len() == 14;
            (topic || field).then_some(word)
        });
        named.collect()
    }

    #[test]
    fn both_languages_name_the_same_topics_and_fields() {
        assert_eq!(named(include_str!("help.vi.txt")), named(ENGLISH));
        assert!(named(ENGLISH).len() > 40);
        assert!(ENGLISH.lines().all(|line| line.chars().count() <= 100));
    }
}
