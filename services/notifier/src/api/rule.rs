//! The ladders in force.

use kit::auth::Caller;
use kit::error::Result;
use kit::language::Language;
use lienminh_proto::notifier::v1 as pb;

use super::Api;
use crate::domain::explain::unit_vi;
use crate::domain::rule::{Distance, Offset, Reference, Rule, Step, Unit};

pub(super) fn list(api: &Api, caller: &Caller) -> Result<pb::ListRulesResponse> {
    caller.require_house()?;
    let rules = api
        .desk
        .rules
        .iter()
        .map(|rule| encode(rule, caller.language));
    Ok(pb::ListRulesResponse {
        rules: rules.collect(),
    })
}

fn encode(rule: &Rule, language: Language) -> pb::Rule {
    pb::Rule {
        name: format!("rules/{}", rule.kind),
        kind: rule.kind.clone(),
        version: rule.version,
        description: rule.description.clone(),
        steps: rule
            .steps
            .iter()
            .map(|step| pb::Step {
                id: step.id.clone(),
                when_text: match language {
                    Language::Vi => when_vi(step),
                    Language::En => when_en(step),
                },
                audience: step.audience.word().to_owned(),
                channels: step.channels.word().to_owned(),
            })
            .collect(),
    }
}

fn when_vi(step: &Step) -> String {
    let reference = match step.reference {
        Reference::Anchor => "",
        Reference::WindowStart => " khi khoảng thời gian bắt đầu",
    };
    let mut text = match step.offset {
        Offset::Issue => "ngay khi thông báo, trong giờ làm việc".to_owned(),
        Offset::Before(distance) if distance.count == 0 => {
            format!("đúng ngày{}", at_vi(step, distance))
        }
        Offset::Before(distance) => format!(
            "{} {} trước{reference}{}",
            distance.count,
            unit_vi(distance),
            at_vi(step, distance)
        ),
        Offset::After(distance) if distance.count == 0 => {
            format!("từ ngày đầu{reference}{}", at_vi(step, distance))
        }
        Offset::After(distance) => format!(
            "{} {} sau{reference}{}",
            distance.count,
            unit_vi(distance),
            at_vi(step, distance)
        ),
    };
    if let Some(repeat) = step.repeat {
        let every = repeat.distance();
        text.push_str(&format!(
            ", lặp lại mỗi {} {}, tối đa {} lần",
            every.count,
            unit_vi(every),
            repeat.at_most
        ));
    }
    text
}

fn at_vi(step: &Step, distance: Distance) -> String {
    if distance.unit == Unit::Hours {
        return String::new();
    }
    format!(", {}", vietnam::dates::clock(step.at))
}

fn when_en(step: &Step) -> String {
    let reference = match step.reference {
        Reference::Anchor => "",
        Reference::WindowStart => " the window opens",
    };
    let at = |distance: Distance| {
        if distance.unit == Unit::Hours {
            String::new()
        } else {
            format!(", {}", vietnam::dates::english_clock(step.at))
        }
    };
    let mut text = match step.offset {
        Offset::Issue => "when announced, in office hours".to_owned(),
        Offset::Before(distance) => format!(
            "{} {} before{reference}{}",
            distance.count,
            unit_en(distance),
            at(distance)
        ),
        Offset::After(distance) => format!(
            "{} {} after{reference}{}",
            distance.count,
            unit_en(distance),
            at(distance)
        ),
    };
    if let Some(repeat) = step.repeat {
        let every = repeat.distance();
        text.push_str(&format!(
            ", again every {} {}, {} times at most",
            every.count,
            unit_en(every),
            repeat.at_most
        ));
    }
    text
}

const fn unit_en(distance: Distance) -> &'static str {
    match distance.unit {
        Unit::Hours => "hours",
        Unit::Days => "days",
        Unit::WorkingDays => "working days",
        Unit::Weeks => "weeks",
    }
}
