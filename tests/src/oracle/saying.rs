//! What a message must say to its reader: each fact of plan and script that the reader needs.

mod deadline;
mod event;
mod words;

use jiff::civil::{Date, DateTime};

use super::matter::Standing;
use super::reach::Roster;
use super::story::{Chapter, Genre, Story, When};
use crate::reader::{Must, Saying};
use words::{clock, moment};

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
        Genre::Event => event::event(&mut saying, story, reader, present, before),
        Genre::Report
        | Genre::Task
        | Genre::Claim
        | Genre::Admission
        | Genre::Step
        | Genre::Supplement
        | Genre::Disbursement => {
            deadline::deadline(&mut saying, story, reader, house, (present, before));
        }
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
    if facts.old_place.is_empty() {
        saying.never.push("địa điểm cũng thay đổi".to_owned());
    }
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

/// Why it changed: in every mail, and worth a second segment.
fn reason(saying: &mut Saying, present: &Chapter) {
    if present.reason.is_empty() {
        return;
    }
    saying.must.push(Must::mail("the reason", &present.reason));
    let words = format!("Ly do: {}", present.reason);
    saying.worth_two.push(Must::of("the reason", "", &words));
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

fn tell_time(saying: &mut Saying, start: DateTime, end: Option<DateTime>) {
    saying.days.push(start.date());
    saying.days.extend(end.map(|end| end.date()));
    saying.hours.push(clock(start));
    saying.hours.extend(end.map(clock));
}
