//! What a message must say to its reader: each fact of plan and script that the reader needs.

use jiff::civil::{Date, DateTime};

use super::matter::Standing;
use super::reach::Roster;
use super::story::{Chapter, Genre, Story, When};
use crate::reader::{Asks, Clock, Entry, Must, Saying};

/// Who reads.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'r> {
    /// The organisation it is for.
    pub organisation: &'r str,
    /// The step of the ladder that brought it.
    pub step: &'r str,
    /// When it was written.
    pub at: DateTime,
}

/// The people behind a message.
#[derive(Clone, Copy, Debug)]
pub struct House<'h> {
    /// The roster.
    pub roster: &'h Roster,
    /// The alliance, a resource name.
    pub alliance: &'h str,
}

/// What a message about a matter must say to a reader; `None` where nothing holds yet.
#[must_use]
pub fn of(story: &Story, reader: Reader<'_>, house: House<'_>) -> Option<Saying> {
    let (present, before) = story.at(reader.at)?;
    let mut saying = Saying::default();
    // One thing is asked of a reader, and it is not to take no notice.
    saying.never.push("bỏ qua".to_owned());
    people(&mut saying, story, reader, house);
    title(&mut saying, story, reader);
    document(&mut saying, story, reader);
    if reader.step == "call_list" {
        call_list(&mut saying, present, before);
        return Some(saying);
    }
    match story.genre {
        Genre::Event => event(&mut saying, story, reader, present, before),
        Genre::Report
        | Genre::Task
        | Genre::Claim
        | Genre::Admission
        | Genre::Step
        | Genre::Supplement
        | Genre::Disbursement => deadline(&mut saying, story, reader, house, present),
    }
    Some(saying)
}

/// Who is addressed, who signs, whom to call.
fn people(saying: &mut Saying, story: &Story, reader: Reader<'_>, house: House<'_>) {
    let alliance = house.roster.display_name(house.alliance);
    let lead = house.roster.display_name(&story.lead);
    saying.must.push(Must::mail(
        "who is addressed",
        own_name(house.roster.display_name(reader.organisation)),
    ));
    saying.must.push(Must::mail("who writes", alliance));
    let office = house.roster.landline(house.alliance);
    saying.must.push(Must::mail("whom to call", &office));
    // The place that a house's short name keeps.
    let words: Vec<&str> = alliance.split(' ').collect();
    let place = words[words.len().saturating_sub(2)..].join(" ");
    saying.must.push(Must::of("who writes", "", &place));
    if reader.organisation == story.lead {
        let plain = office.replace(' ', "");
        saying.must.push(Must::of("whom to call", "", &plain));
        saying.never.push(format!("Đầu mối liên hệ: {lead}"));
        return;
    }
    let landline = house.roster.landline(&story.lead);
    let plain = landline.replace(' ', "");
    saying
        .must
        .push(Must::of("whom to call", &landline, &plain));
    let contact = format!("Đầu mối liên hệ: {lead}");
    saying.must.push(Must::mail("who is in charge", &contact));
}

/// A name without the words that the greeting shortens.
fn own_name(name: &str) -> &str {
    ["Liên hiệp hợp tác xã ", "Hợp tác xã "]
        .into_iter()
        .find_map(|kind| name.strip_prefix(kind))
        .unwrap_or(name)
}

/// An SMS may shorten a title, but never lose the number, the month or the place in it.
fn title(saying: &mut Saying, story: &Story, reader: Reader<'_>) {
    let facts = &story.facts;
    saying
        .quoted
        .extend([facts.title.clone(), facts.short_title.clone()]);
    saying.must.push(Must::mail("what it is", &facts.title));
    let mut short = if facts.short_title.is_empty() {
        needed(&facts.title)
    } else {
        vec![facts.short_title.clone()]
    };
    let spoken = if facts.short_title.is_empty() {
        &facts.title
    } else {
        &facts.short_title
    };
    let begins: Vec<&str> = spoken.split(' ').take(3).collect();
    short.push(
        begins
            .join(" ")
            .trim_end_matches([',', ';', ':'])
            .to_owned(),
    );
    saying.subject.push(facts.title.clone());
    let sms = |words: String| Must::of("what it is", "", &words);
    saying.must.extend(short.into_iter().map(sms));
    // No place changes in the script.
    saying.never.push("địa điểm cũng thay đổi".to_owned());
    if reader.step != "correction" {
        saying
            .never
            .extend(["CHUYEN SANG", "xin thông báo thay đổi"].map(str::to_owned));
    }
}

/// Words of a title with a figure in them, and the cluster by its name.
fn needed(title: &str) -> Vec<String> {
    let figures = title
        .split(' ')
        .filter(|word| word.contains(|c: char| c.is_ascii_digit()));
    let place = title.find("cụm ").map(|at| &title[at..]);
    figures.chain(place).map(str::to_owned).collect()
}

/// A document is named once it is there.
fn document(saying: &mut Saying, story: &Story, reader: Reader<'_>) {
    let Some((number, date)) = &story.facts.document else {
        return;
    };
    let issued = date.is_none_or(|date| date <= reader.at.date());
    if issued {
        saying.past.extend(*date);
    } else {
        saying.never.push(number.clone());
    }
    let announces = reader.step == "issue" && story.genre == Genre::Event;
    if issued && announces {
        saying.must.push(Must::mail("the document", number));
    }
}

fn call_list(saying: &mut Saying, present: &Chapter, before: Option<&Chapter>) {
    saying.must.push(Must::mail("the reason", &present.reason));
    let state = match present.standing {
        Standing::Cancelled => ("hủy", "tin HUY"),
        Standing::Postponed => ("tạm hoãn", "TAM HOAN"),
        Standing::Scheduled | Standing::Satisfied => ("", ""),
    };
    saying
        .must
        .push(Must::of("what became of it", state.0, state.1));
    saying.never.push("hoãn hoặc hủy".to_owned());
    if let Some(When::At(start, _)) = before.map(|before| before.when) {
        saying.must.push(Must::mail("the old time", &moment(start)));
        tell_time(saying, start, None);
        saying.past.push(start.date());
    }
}

fn event(
    saying: &mut Saying,
    story: &Story,
    reader: Reader<'_>,
    present: &Chapter,
    before: Option<&Chapter>,
) {
    let corrects = reader.step == "correction";
    if corrects {
        changed(saying, present, before);
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
fn changed(saying: &mut Saying, present: &Chapter, before: Option<&Chapter>) {
    let words = match (present.standing, before.map(|before| before.standing)) {
        (Standing::Postponed, _) => ("tạm hoãn", "TAM HOAN"),
        (Standing::Cancelled, _) => ("hủy", "HUY "),
        (_, Some(Standing::Postponed)) => ("có ngày mới", "CO NGAY MOI"),
        (_, _) => ("thay đổi", "CHUYEN SANG"),
    };
    saying.must.push(Must::of("what changed", words.0, words.1));
    saying.must.push(Must::mail("the reason", &present.reason));
    let reason = Must::of("the reason", "", &format!("Ly do: {}", present.reason));
    if !present.reason.is_empty() {
        saying.worth_two.push(reason);
    }
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
    if !hall.is_empty() {
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

/// Today and tomorrow are said in SMS where they fit.
fn soon(saying: &mut Saying, day: Date, at: DateTime) {
    let words = match at.date().until(day).map(|span| span.get_days()) {
        Ok(0) => "hom nay",
        Ok(1) => "ngay mai",
        _ => return,
    };
    saying.where_it_fits.push(Must::of("how soon", "", words));
}

fn unfixed(saying: &mut Saying, story: &Story, reader: Reader<'_>, last: Option<Date>) {
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

fn deadline(
    saying: &mut Saying,
    story: &Story,
    reader: Reader<'_>,
    house: House<'_>,
    present: &Chapter,
) {
    let When::Until { last, before } = present.when else {
        return;
    };
    let facts = &story.facts;
    saying.day = Some(last);
    saying.past.push(last);
    saying.days.push(last);
    if before {
        saying.days.extend(last.tomorrow());
    }
    saying
        .must
        .push(Must::of("until when", &day(last), &day_sms(last)));
    // Whoever notes the day of the subject notes the last one to act.
    if story.genre != Genre::Claim {
        let named = format!("{}/{}", figures(last), last.year());
        saying.subject.push(named);
    }
    if last < reader.at.date() {
        saying.must.push(Must::mail("that it is late", "đến nay"));
        saying.must.push(Must::mail("that it is late", "chưa"));
        saying
            .never
            .extend(["chậm nhất", "cần hoàn t"].map(str::to_owned));
        if matches!(story.genre, Genre::Report | Genre::Supplement) {
            let asked = Must::of("what to do", "trong thời gian sớm nhất", "De nghi");
            saying.must.push(asked);
        }
    } else if story.genre != Genre::Disbursement || reader.organisation == story.lead {
        // Money that is planned does not count down like a promise.
        soon(saying, last, reader.at);
    }
    let lines = facts.lines.iter();
    saying
        .must
        .extend(lines.map(|line| Must::mail("what it holds", line)));
    saying.quoted.extend(facts.lines.clone());
    saying.must.push(Must::mail("where to", &facts.submit_to));
    if story.genre == Genre::Report && !facts.submit_to.is_empty() {
        let seat = Must::of("where to", "", &format!(", gui ve {}", facts.submit_to));
        saying.where_it_fits.push(seat);
    }
    saying.asks = match story.genre {
        Genre::Report => Asks::CodeAndPage,
        Genre::Claim => Asks::Code,
        Genre::Event
        | Genre::Task
        | Genre::Admission
        | Genre::Step
        | Genre::Supplement
        | Genre::Disbursement => Asks::Nothing,
    };
    support(saying, story, reader, house);
}

/// What is said of applications, admissions and claims.
fn support(saying: &mut Saying, story: &Story, reader: Reader<'_>, house: House<'_>) {
    let facts = &story.facts;
    let whole = house.roster.display_name(&facts.party);
    let party = own_name(whole);
    saying.must.push(Must::mail("for whom", party));
    if facts.party == reader.organisation {
        // It is spoken to, not about.
        let third = ["cho", "của"].map(|word| format!("{word} {whole}"));
        saying.never.extend(third);
        saying.never.push("Xin nhắc".to_owned());
        if story.genre == Genre::Disbursement {
            saying.must.push(Must::of("for whom", "", "của Quý"));
        }
    } else if matches!(story.genre, Genre::Disbursement | Genre::Step) {
        saying.must.push(Must::of("for whom", "", party));
    }
    if story.genre == Genre::Claim {
        claim(saying, story, whole);
    }
    saying
        .must
        .push(Must::mail("which programme", &facts.programme));
    saying
        .must
        .push(Must::mail("which decision", &facts.decision));
    saying.must.push(Must::mail("how much", &facts.amount));
    saying.must.push(Must::both("which step", &facts.step));
    if !facts.missing.is_empty() && saying.day.is_some_and(|last| last >= reader.at.date()) {
        let number = format!("{} giay to", facts.missing.len());
        saying.must.push(Must::of("how many papers", "", &number));
    }
    let missing = facts.missing.iter();
    saying
        .must
        .extend(missing.map(|paper| Must::mail("which papers", paper)));
    saying
        .quoted
        .extend([facts.programme.clone(), facts.decision.clone()]);
    saying.quoted.extend(facts.missing.clone());
    let lead = house.roster.display_name(&story.lead);
    let hands_in = reader.organisation != story.lead
        && matches!(story.genre, Genre::Supplement | Genre::Admission);
    if hands_in {
        let place = format!("Nơi nhận: {lead}");
        saying.must.push(Must::mail("where to", &place));
        saying.never.push("trình quyết định".to_owned());
    }
    if hands_in && story.genre == Genre::Admission {
        saying.must.push(Must::both("what to do", "nộp"));
    }
}

/// What was claimed by whom and when, and how it is confirmed.
fn claim(saying: &mut Saying, story: &Story, claimant: &str) {
    if let Some((at, _)) = story.chapters.first() {
        let claimed = day(at.date());
        saying.past.push(at.date());
        let words = format!("vào {claimed}");
        saying.must.push(Must::mail("when it was claimed", &words));
    }
    let report = &story.facts.title;
    let command = format!("lienminh deadline received \"{report}\" \"{claimant}\"");
    saying.must.push(Must::mail("how to confirm", &command));
    saying.must.push(Must::of("who claims", "", claimant));
    saying.subject.push(claimant.to_owned());
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

fn tell_time(saying: &mut Saying, start: DateTime, end: Option<DateTime>) {
    saying.days.push(start.date());
    saying.days.extend(end.map(|end| end.date()));
    saying.hours.push(clock(start));
    saying.hours.extend(end.map(clock));
}

fn clock(at: DateTime) -> Clock {
    (at.hour(), at.minute())
}

fn hour(at: DateTime) -> String {
    format!("{:02} giờ {:02}", at.hour(), at.minute())
}

fn moment(at: DateTime) -> String {
    format!("{}, {}", hour(at), day(at.date()))
}

fn moment_sms(at: DateTime) -> String {
    format!("{:02}h{:02} {}", at.hour(), at.minute(), day_sms(at.date()))
}

const NAMES: [(&str, &str); 7] = [
    ("thứ Hai", "T2"),
    ("thứ Ba", "T3"),
    ("thứ Tư", "T4"),
    ("thứ Năm", "T5"),
    ("thứ Sáu", "T6"),
    ("thứ Bảy", "T7"),
    ("Chủ nhật", "CN"),
];

fn name(date: Date) -> (&'static str, &'static str) {
    // Counted from Monday, 0 to 6.
    NAMES[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
}

fn figures(date: Date) -> String {
    if date.month() < 3 {
        format!("{:02}/{:02}", date.day(), date.month())
    } else {
        format!("{:02}/{}", date.day(), date.month())
    }
}

fn day(date: Date) -> String {
    format!("{}, {}/{}", name(date).0, figures(date), date.year())
}

fn day_sms(date: Date) -> String {
    format!("{} {}", name(date).1, figures(date))
}
