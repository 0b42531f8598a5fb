//! Items in, answers out.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::str;

use serde::Serialize;

use super::Outcome;
use super::text::Order;
use super::topic::{Answer, Problem, Source, Topic, Verdict, write_json};

/// Room for what is read and written at once: one system call for some thousand lines.
const BUFFER: usize = 64 * 1024;

/// Longest line, in bytes: more than any book has in one. Of a longer one no more is held.
const LONGEST: u64 = 1024 * 1024;

/// What was found where a line may begin.
enum Line {
    End,
    Whole,
    TooLong,
}

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
        out.clear();
        refused |= match next_line(&mut input, &mut line)? {
            Line::End => return Ok(refused),
            Line::Whole => answer_one(answer, without_line_end(&line), &mut out),
            Line::TooLong => refuse(&Problem::TooLong, &mut out),
        };
        output.write_all(&out)?;
    }
}

/// Appends the answer and a line end; says whether the item was refused.
fn answer_one(answer: &Answer, item: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let verdict = str::from_utf8(item)
        .map_err(|_| Problem::NotUtf8)
        .and_then(|item| answer(item, out));
    match verdict {
        Ok(verdict) => {
            out.push(b'\n');
            verdict == Verdict::Refused
        }
        Err(problem) => {
            out.truncate(start);
            refuse(&problem, out)
        }
    }
}

/// Appends why an item is refused, and a line end.
fn refuse(problem: &Problem, out: &mut Vec<u8>) -> bool {
    let error = problem.to_string();
    write_json(out, &Refusal { error });
    out.push(b'\n');
    true
}

fn sort_lines(
    order: Order,
    mut input: BufReader<impl Read>,
    output: &mut impl Write,
) -> io::Result<bool> {
    let mut items = Vec::new();
    let mut refused = Vec::new();
    let mut line = Vec::new();
    loop {
        match next_line(&mut input, &mut line)? {
            Line::End => break,
            Line::Whole => match str::from_utf8(without_line_end(&line)) {
                Ok(text) => items.push(text.to_owned()),
                Err(_) => refused.push(Problem::NotUtf8),
            },
            Line::TooLong => refused.push(Problem::TooLong),
        }
    }
    write_sorted(order, items, output)?;
    let mut out = Vec::new();
    for problem in &refused {
        refuse(problem, &mut out);
    }
    output.write_all(&out)?;
    Ok(!refused.is_empty())
}

/// Reads the next line with its end; of one that is too long the rest is passed over.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let length = input.by_ref().take(LONGEST).read_until(b'\n', line)?;
    if length == 0 {
        return Ok(Line::End);
    }
    let is_short = u64::try_from(length).is_ok_and(|length| length < LONGEST);
    if is_short || line.ends_with(b"\n") {
        return Ok(Line::Whole);
    }
    loop {
        let held = input.fill_buf()?;
        let end = held.iter().position(|byte| *byte == b'\n');
        let passed = end.map_or(held.len(), |end| end + 1);
        let is_over = end.is_some() || held.is_empty();
        input.consume(passed);
        if is_over {
            return Ok(Line::TooLong);
        }
    }
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
