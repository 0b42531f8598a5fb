//! Items in, answers out.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::str;

use serde::Serialize;

use super::Outcome;
use super::text::Order;
use super::topic::{Answer, Problem, Source, Topic, Verdict, write_json};

/// Room for what is read and written at once: one system call for some thousand lines.
const BUFFER: usize = 64 * 1024;

/// The answer to an item that cannot be read.
#[derive(Serialize)]
struct Refusal {
    error: String,
}

pub(super) fn answer_all(
    topic: Topic,
    source: Source,
    input: impl Read,
    output: impl Write,
) -> io::Result<Outcome> {
    let input = BufReader::with_capacity(BUFFER, input);
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let refused = match (topic, source) {
        (Topic::Each(answer), Source::Words(items)) => {
            let mut out = Vec::new();
            let mut refused = false;
            for item in items {
                refused |= answer_one(&answer, item.as_bytes(), &mut out);
            }
            output.write_all(&out)?;
            refused
        }
        (Topic::Each(answer), Source::Lines) => answer_lines(&answer, input, &mut output)?,
        (Topic::Sorted(order), Source::Words(items)) => write_sorted(order, items, &mut output)?,
        (Topic::Sorted(order), Source::Lines) => sort_lines(order, input, &mut output)?,
    };
    output.flush()?;
    Ok(if refused {
        Outcome::SomeRefused
    } else {
        Outcome::Done
    })
}

fn answer_lines(
    answer: &Answer,
    mut input: BufReader<impl Read>,
    output: &mut impl Write,
) -> io::Result<bool> {
    let mut line = Vec::new();
    let mut out = Vec::with_capacity(1024);
    let mut refused = false;
    loop {
        // A program that asks line by line waits for its answer before it asks again.
        if input.buffer().is_empty() {
            output.flush()?;
        }
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(refused);
        }
        out.clear();
        refused |= answer_one(answer, without_line_end(&line), &mut out);
        output.write_all(&out)?;
    }
}

/// Appends the answer and a line end; says whether the item was refused.
fn answer_one(answer: &Answer, item: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let verdict = str::from_utf8(item)
        .map_err(|_| Problem::NotUtf8)
        .and_then(|item| answer(item, out));
    let verdict = verdict.unwrap_or_else(|problem| {
        out.truncate(start);
        write_json(
            out,
            &Refusal {
                error: problem.to_string(),
            },
        );
        Verdict::Refused
    });
    out.push(b'\n');
    verdict == Verdict::Refused
}

fn sort_lines(
    order: Order,
    mut input: BufReader<impl Read>,
    output: &mut impl Write,
) -> io::Result<bool> {
    let mut items = Vec::new();
    let mut refused = 0_usize;
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        match str::from_utf8(without_line_end(&line)) {
            Ok(text) => items.push(text.to_owned()),
            Err(_) => refused += 1,
        }
        line.clear();
    }
    write_sorted(order, items, output)?;
    let mut out = Vec::new();
    for _ in 0..refused {
        write_json(
            &mut out,
            &Refusal {
                error: Problem::NotUtf8.to_string(),
            },
        );
        out.push(b'\n');
    }
    output.write_all(&out)?;
    Ok(refused > 0)
}

fn write_sorted(order: Order, items: Vec<String>, output: &mut impl Write) -> io::Result<bool> {
    let mut out = Vec::with_capacity(1024);
    for item in order.sort(items) {
        out.clear();
        write_json(&mut out, &item);
        out.push(b'\n');
        output.write_all(&out)?;
    }
    Ok(false)
}

fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
