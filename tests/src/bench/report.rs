//! The report: a table for people, `target/bench/report.json` for machines.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use comfy_table::{CellAlignment, Table, presets};

use super::figure::Bound;
use super::growth::{FLAT, SIZES};
use super::{Figure, Growth};

/// Under this name the report holds what costs what at which size.
const GROWTH: &str = "growth";

/// All figures of a run by name.
#[derive(Debug, Default)]
pub struct Report {
    figures: BTreeMap<String, Figure>,
    growth: BTreeMap<String, Growth>,
}

impl Report {
    /// Adds a figure and writes the report, so that what is measured is kept even when
    /// a later bench fails. Figures of earlier runs stay where this run has none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(&mut self, name: &str, figure: Figure) -> anyhow::Result<()> {
        self.figures.insert(name.to_owned(), figure);
        self.write()
    }

    /// Adds what an operation costs among few and among many, and writes the report.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn grow(&mut self, operation: &str, growth: Growth) -> anyhow::Result<()> {
        self.growth.insert(operation.to_owned(), growth);
        self.write()
    }

    fn write(&self) -> anyhow::Result<()> {
        let path = path()?;
        let mut all: serde_json::Map<String, serde_json::Value> = std::fs::read(&path)
            .ok()
            .and_then(|earlier| serde_json::from_slice(&earlier).ok())
            .unwrap_or_default();
        for (name, figure) in &self.figures {
            all.insert(name.clone(), serde_json::to_value(figure)?);
        }
        let growth = all.entry(GROWTH).or_insert_with(|| serde_json::json!({}));
        for (operation, each) in &self.growth {
            growth[operation] = serde_json::to_value(each)?;
        }
        let folder = path.parent().context("a report without a folder")?;
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        std::fs::write(&path, serde_json::to_vec_pretty(&all)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Whether every goal of every figure was reached.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.figures.values().all(Figure::is_met) && self.growth.values().all(|each| each.met)
    }

    /// For people.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_header([
            "figure", "value", "unit", "ceiling", "ratio", "cpu ms", "RSS MB", "load", "asked",
        ]);
        for (name, figure) in &self.figures {
            table.add_row([
                name.clone(),
                number(Some(figure.value)),
                figure.unit.to_owned(),
                number(figure.ceiling),
                number(figure.ratio),
                number(figure.cpu_ms_each),
                number(figure.rss_mb),
                number(Some(figure.load1)),
                goals(figure),
            ]);
        }
        for column in [1, 3, 4, 5, 6, 7] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut words = table.to_string();
        if !self.growth.is_empty() {
            words.push('\n');
            words.push_str(&self.growth_table());
        }
        for (name, figure) in &self.figures {
            if let Some(remark) = &figure.remark {
                words.push_str(&format!("\n  {name}: {remark}"));
            }
        }
        for (operation, growth) in &self.growth {
            if let Some(remark) = growth.remark.as_ref().filter(|_| !growth.met) {
                words.push_str(&format!("\n  {operation}: {remark}"));
            }
        }
        words
    }

    fn growth_table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        let mut header = vec!["among".to_owned()];
        header.extend(SIZES.map(|size| size.to_string()));
        header.extend(["unit", "ratio", "asked"].map(str::to_owned));
        table.set_header(header);
        for (operation, growth) in &self.growth {
            let mut row = vec![operation.clone()];
            row.extend(SIZES.map(|size| number(growth.at.get(&size).copied())));
            row.push(growth.unit.to_owned());
            row.push(number(Some(growth.ratio)));
            let met = if growth.met { "met" } else { "MISSED" };
            row.push(format!("ratio <= {FLAT}: {met}"));
            table.add_row(row);
        }
        table.to_string()
    }
}

fn number(value: Option<f64>) -> String {
    match value {
        None => String::new(),
        Some(value) if value >= 100.0 => format!("{value:.0}"),
        Some(value) => format!("{value:.2}"),
    }
}

fn goals(figure: &Figure) -> String {
    let goals = figure.goals.iter().map(|goal| {
        let bound = match goal.bound {
            Bound::AtLeast(bound) => format!(">= {bound}"),
            Bound::AtMost(bound) => format!("<= {bound}"),
        };
        let met = if goal.met { "met" } else { "MISSED" };
        format!("{} {bound}: {met}", goal.of)
    });
    goals.collect::<Vec<_>>().join(", ")
}

/// Where the report is kept.
///
/// # Errors
/// When this is not the project.
pub fn path() -> anyhow::Result<PathBuf> {
    Ok(match std::env::var_os("CARGO_TARGET_DIR") {
        Some(target) => PathBuf::from(target).join("bench/report.json"),
        None => lienminh_local::folder::project_root()?.join("target/bench/report.json"),
    })
}
