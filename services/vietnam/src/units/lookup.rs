use std::collections::HashMap;

use super::{Tier, Unit, UnitKind};
use crate::text::fold;

/// Short and former ways to write a province, folded and without blanks.
const ALIASES: [(&str, &str); 20] = [
    ("tthue", "thuathienhue"),
    ("hn", "hanoi"),
    ("hcm", "hochiminh"),
    ("hcmc", "hochiminh"),
    ("sg", "hochiminh"),
    ("saigon", "hochiminh"),
    ("hp", "haiphong"),
    ("dn", "danang"),
    ("ct", "cantho"),
    ("brvt", "bariavungtau"),
    ("vt", "bariavungtau"),
    ("baccan", "backan"),
    ("daclac", "daklak"),
    ("daclak", "daklak"),
    ("dacnong", "daknong"),
    ("ld", "lamdong"),
    ("qn", "quangninh"),
    ("gl", "gialai"),
    ("contum", "kontum"),
    ("congtum", "kontum"),
];

/// Types as people write them before a name, folded; several kinds can be meant.
const TYPES: [(&str, &[UnitKind]); 19] = [
    ("thanh pho", &[UnitKind::City, UnitKind::ProvincialCity]),
    ("tp", &[UnitKind::City, UnitKind::ProvincialCity]),
    ("t p", &[UnitKind::City, UnitKind::ProvincialCity]),
    ("tinh", &[UnitKind::Province]),
    ("dac khu", &[UnitKind::SpecialZone]),
    ("dk", &[UnitKind::SpecialZone]),
    ("thi tran", &[UnitKind::Township]),
    ("tt", &[UnitKind::Township]),
    ("thi xa", &[UnitKind::Town]),
    ("tx", &[UnitKind::Town]),
    ("xa", &[UnitKind::Commune]),
    ("x", &[UnitKind::Commune]),
    ("phuong", &[UnitKind::Ward]),
    ("p", &[UnitKind::Ward]),
    ("huyen", &[UnitKind::RuralDistrict]),
    ("h", &[UnitKind::RuralDistrict]),
    ("quan", &[UnitKind::UrbanDistrict]),
    ("q", &[UnitKind::UrbanDistrict]),
    ("t", &[UnitKind::Province]),
];

/// The names of units, prepared for looking up.
#[derive(Debug, Clone)]
pub(super) struct Names {
    entries: Vec<Entry>,
    exact: HashMap<String, Vec<usize>>,
}

#[derive(Debug, Clone)]
struct Entry {
    kind: UnitKind,
    /// Folded, one blank between words.
    words: String,
    /// Folded, without blanks.
    compact: String,
}

impl Names {
    pub(super) fn of(units: &[Unit]) -> Self {
        let mut exact: HashMap<String, Vec<usize>> = HashMap::new();
        let entries: Vec<Entry> = units
            .iter()
            .map(|unit| {
                let words = plain_words(unit.name());
                Entry {
                    kind: unit.kind,
                    compact: words.replace(' ', ""),
                    words,
                }
            })
            .collect();
        for (at, entry) in entries.iter().enumerate() {
            exact.entry(entry.compact.clone()).or_default().push(at);
        }
        Self { entries, exact }
    }

    /// The places of the best matches.
    pub(super) fn find(&self, written: &str) -> Vec<usize> {
        let words = plain_words(written);
        // The bare words go first: "TT Huế" is a province and "Tĩnh Gia" no province "Gia".
        let readings: Vec<(&[UnitKind], &str)> = std::iter::once((&[][..], words.as_str()))
            .chain(typed(&words))
            .collect();
        let whole = |(kinds, name): &(&[UnitKind], &str)| {
            let compact = name.replace(' ', "");
            some(self.exact(&compact, kinds)).or_else(|| some(self.aliased(&compact, kinds)))
        };
        let part = |(kinds, name): &(&[UnitKind], &str)| some(self.partial(name, kinds));
        readings
            .iter()
            .find_map(whole)
            .or_else(|| readings.iter().find_map(part))
            .unwrap_or_default()
    }

    fn exact(&self, compact: &str, kinds: &[UnitKind]) -> Vec<usize> {
        let found = self.exact.get(compact).cloned().unwrap_or_default();
        self.of_kind(found, kinds)
    }

    fn aliased(&self, compact: &str, kinds: &[UnitKind]) -> Vec<usize> {
        let meant = ALIASES
            .iter()
            .find(|(alias, _)| *alias == compact)
            .map(|(_, name)| *name);
        let found = meant
            .and_then(|name| self.exact.get(name))
            .cloned()
            .unwrap_or_default();
        let provinces = found.into_iter().filter(|at| {
            self.entries
                .get(*at)
                .is_some_and(|entry| entry.kind.tier() == Tier::Province)
        });
        self.of_kind(provinces.collect(), kinds)
    }

    fn partial(&self, name: &str, kinds: &[UnitKind]) -> Vec<usize> {
        let compact = name.replace(' ', "");
        // One or two letters are part of too many names.
        if compact.len() < 3 {
            return Vec::new();
        }
        let places = |fits: &dyn Fn(&Entry) -> bool| -> Vec<usize> {
            self.entries
                .iter()
                .enumerate()
                .filter(|(_, entry)| fits(entry))
                .map(|(at, _)| at)
                .collect()
        };
        let starting = self.of_kind(places(&|entry| entry.compact.starts_with(&compact)), kinds);
        if !starting.is_empty() {
            return starting;
        }
        let inner = format!(" {name}");
        self.of_kind(places(&|entry| entry.words.contains(&inner)), kinds)
    }

    /// Those of the wanted kinds, or all where none is: people get the type wrong more often than
    /// the name.
    fn of_kind(&self, found: Vec<usize>, kinds: &[UnitKind]) -> Vec<usize> {
        let wanted: Vec<usize> = found
            .iter()
            .copied()
            .filter(|at| {
                self.entries
                    .get(*at)
                    .is_some_and(|entry| kinds.contains(&entry.kind))
            })
            .collect();
        if wanted.is_empty() { found } else { wanted }
    }
}

fn some(found: Vec<usize>) -> Option<Vec<usize>> {
    (!found.is_empty()).then_some(found)
}

/// Folded words with one blank between them; signs count as blanks.
fn plain_words(text: &str) -> String {
    let folded = fold(text);
    let mut words = String::with_capacity(folded.len());
    for word in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

/// The readings of a text as a type and a name.
fn typed(words: &str) -> impl Iterator<Item = (&'static [UnitKind], &str)> {
    TYPES.iter().filter_map(move |(written, kinds)| {
        let name = words.strip_prefix(written)?;
        // "tphcm" is written without a blank, "thaibinh" is no "t".
        let joined = *written == "tp" || name.starts_with(' ');
        (joined && !name.trim().is_empty()).then(|| (*kinds, name.trim_start()))
    })
}
