//! What is said of what people come to.

use jiff::civil::DateTime;

use super::words::{clock, day, day_sms, hour, moment, moment_sms};
use super::{Reader, reason, soon, tell_time};
use crate::oracle::matter::Standing;
use crate::oracle::story::{Chapter, Facts, Story, When};
use crate::reader::{Asks, Entry, Must, Saying};

pub(super) fn event(
    saying: &mut Saying,
    story: &Story,
    reader: Reader<'_>,
    present: &Chapter,
    before: Option<&Chapter>,
) {
    let corrects = reader.step == "correction";
    if corrects {
        changed(saying, &story.facts, present, before);
    }
    match (present.standing, present.when) {
        (Standing::Scheduled | Standing::Satisfied, When::At(start, end)) => {
            meeting(saying, story, reader, present, (start, end));
        }
        (Standing::Scheduled | Standing::Satisfied, When::Open(last)) => {
            unfixed(saying, story, reader, last);
        }
        (Standing::Scheduled | Standing::Satisfied, When::Until { .. })
        | (Standing::Postponed | Standing::Cancelled, _) => {}
    }
}

/// What held before, why it changed, and that it did.
fn changed(saying: &mut Saying, facts: &Facts, present: &Chapter, before: Option<&Chapter>) {
    reason(saying, present);
    let same_time = before
        .is_some_and(|before| (before.standing, before.when) == (present.standing, present.when));
    if !facts.old_place.is_empty() {
        elsewhere(saying, facts);
    }
    if same_time {
        at_the_same_time(saying);
        return;
    }
    let words = match (present.standing, before.map(|before| before.standing)) {
        (Standing::Postponed, _) => ("tạm hoãn", "TAM HOAN"),
        (Standing::Cancelled, _) => ("hủy", "HUY "),
        (_, Some(Standing::Postponed)) => ("có ngày mới", "CO NGAY MOI"),
        (_, _) => ("thay đổi", "CHUYEN SANG"),
    };
    saying.must.push(Must::of("what changed", words.0, words.1));
    let Some(When::At(start, end)) = before.map(|before| before.when) else {
        return;
    };
    let redated = before.is_some_and(|before| before.standing != Standing::Scheduled);
    // Who had been told that there is no date needs but the new one.
    let sms = if redated {
        String::new()
    } else {
        moment_sms(start)
    };
    saying
        .must
        .push(Must::of("the old time", &moment(start), &sms));
    if let (Standing::Scheduled, When::At(new, _)) = (present.standing, present.when)
        && before.is_some_and(|before| before.standing == Standing::Scheduled)
    {
        let mail = format!("từ {} sang {}", moment(start), moment(new));
        let sms = format!("CHUYEN SANG {}", moment_sms(new));
        saying.must.push(Must::of("from when to when", &mail, &sms));
        let old = format!("truoc la {}", moment_sms(start));
        saying
            .must
            .push(Must::of("which is the old time", "", &old));
    }
    saying.hours.push(clock(start));
    saying.days.push(start.date());
    saying.past.push(start.date());
    if !redated {
        saying.subject.push(moment(start));
    }
    if present.standing != Standing::Scheduled {
        saying.entry = Some(entry(true, start, end, ""));
    }
}

/// From which place to which.
fn elsewhere(saying: &mut Saying, facts: &Facts) {
    let words = format!("từ {} sang {}", facts.old_place, facts.place);
    saying.must.push(Must::mail("from where to where", &words));
    saying.quoted.push(facts.old_place.clone());
}

/// Only the place is another.
fn at_the_same_time(saying: &mut Saying) {
    let place = Must::of("what changed", "thay đổi địa điểm", "DIA DIEM MOI");
    saying.must.push(place);
    let time = Must::mail("that the time stands", "Thời gian không thay đổi");
    saying.must.push(time);
    saying.never.push("CHUYEN SANG".to_owned());
}

fn meeting(
    saying: &mut Saying,
    story: &Story,
    reader: Reader<'_>,
    present: &Chapter,
    (start, end): (DateTime, Option<DateTime>),
) {
    let facts = &story.facts;
    saying
        .must
        .push(Must::of("when", &hour(start), &moment_sms(start)));
    saying.must.push(Must::mail("the day", &day(start.date())));
    saying
        .must
        .extend(end.map(|end| Must::mail("until when", &hour(end))));
    let moved = reader.step == "correction" && !present.reason.is_empty();
    let hall = facts.place.split(", ").next().unwrap_or_default();
    let in_sms = if moved { "" } else { hall };
    saying.must.push(Must::of("where", &facts.place, in_sms));
    if !hall.is_empty() && reader.step != "correction" {
        let seat = Must::of("where", "", &format!(", tai {hall}"));
        saying.where_it_fits.push(seat);
    }
    if hint_holds(&facts.hint, start, story) {
        saying.quoted.push(facts.hint.clone());
        saying
            .must
            .push(Must::mail("how to get there", &facts.hint));
    } else {
        saying.never.push(facts.hint.clone());
    }
    saying.must.push(Must::mail("who chairs", &facts.chair));
    saying.must.push(Must::mail("what to bring", &facts.bring));
    let lines = facts.lines.iter();
    saying
        .must
        .extend(lines.map(|line| Must::mail("what is on", line)));
    saying
        .quoted
        .extend([&facts.place, &facts.bring, &facts.chair].map(Clone::clone));
    saying.quoted.extend(facts.lines.clone());
    tell_time(saying, start, end);
    saying.subject.push(moment(start));
    saying.day = Some(start.date());
    saying.entry = Some(entry(false, start, end, &facts.place));
    attendance(saying, story, reader);
    reply_by(saying, present, reader);
    soon(saying, start.date(), reader.at);
}

/// Who has said yes is asked no more, and may take it back when something changes; hosts are
/// asked to receive and others to attend.
fn attendance(saying: &mut Saying, story: &Story, reader: Reader<'_>) {
    let coming = story.coming.get(reader.organisation);
    if coming.is_none_or(|since| *since > reader.at) {
        saying.asks = Asks::CodeAndPage;
    } else if reader.step == "correction" {
        let back = Must::mail("how to take it back", "Thay đổi xác nhận");
        saying.must.push(back);
    } else {
        saying
            .must
            .push(Must::mail("what was answered", "đã nhận lời"));
    }
    if story.facts.visit {
        saying.must.push(Must::mail("what hosts do", "tiếp đoàn"));
        let wrong = [
            "tới dự",
            "tham dự",
            "mời dự",
            "mang theo",
            "có mặt đúng giờ",
        ];
        saying.never.extend(wrong.map(str::to_owned));
    } else {
        saying
            .never
            .extend(["tiếp đoàn", "đoàn sẽ không đến"].map(str::to_owned));
    }
}

/// A hint that names an hour holds for the time it was written for.
fn hint_holds(hint: &str, start: DateTime, story: &Story) -> bool {
    let written_for = story
        .chapters
        .iter()
        .find_map(|(_, chapter)| match chapter.when {
            When::At(start, _) => Some(start.time()),
            When::Until { .. } | When::Open(_) => None,
        });
    !hint.contains(" giờ ") || written_for == Some(start.time())
}

/// A day to answer by is named until it is over.
fn reply_by(saying: &mut Saying, present: &Chapter, reader: Reader<'_>) {
    let Some(last) = present
        .reply_by
        .filter(|last| saying.asks != Asks::Nothing && *last >= reader.at.date())
    else {
        return;
    };
    saying.days.push(last);
    let mail = format!("chậm nhất {}", day(last));
    saying.must.push(Must::mail("answer by when", &mail));
    let sms = format!("cham nhat {}", day_sms(last));
    let sms = Must::of("answer by when", "", &sms);
    if reader.step == "correction" {
        saying.worth_two.push(sms);
    } else {
        saying.where_it_fits.push(sms);
    }
}

fn unfixed(
    saying: &mut Saying,
    story: &Story,
    reader: Reader<'_>,
    last: Option<jiff::civil::Date>,
) {
    saying.quoted.push(story.facts.window.clone());
    saying.quoted.extend(story.facts.lines.clone());
    saying.subject.push(story.facts.window.clone());
    let lines = story.facts.lines.iter();
    saying
        .must
        .extend(lines.map(|line| Must::mail("what is on", line)));
    saying
        .must
        .push(Must::both("the window", &story.facts.window));
    if last.is_some_and(|last| last < reader.at.date()) {
        saying.must.push(Must::mail("that it is over", "đã qua"));
        saying.never.push("kịp".to_owned());
    } else {
        saying
            .must
            .push(Must::of("what to do", "ấn định ngày", "an dinh ngay"));
    }
}

fn entry(withdrawn: bool, start: DateTime, end: Option<DateTime>, place: &str) -> Entry {
    Entry {
        withdrawn,
        day: start.date(),
        start: Some(start),
        end,
        place: place.to_owned(),
    }
}
