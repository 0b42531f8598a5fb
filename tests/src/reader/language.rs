//! What no message may look like, whatever it is about.

use super::Message;

/// Signs of a template that was not filled, or of what only machines read.
const MACHINE: [&str; 14] = [
    "{{",
    "}}",
    "{%",
    "%}",
    "null",
    "undefined",
    "none",
    "nan",
    "organisations/",
    "deadlines/",
    "obligations/",
    "&amp;",
    "&#",
    "lỗi",
];

/// Words that need another one behind them, in mails and, without accents, in SMS.
const LEADING: [&str; 22] = [
    "của",
    "cho",
    "với",
    "tới",
    "tại",
    "từ",
    "sang",
    "trước",
    "hết",
    "lúc",
    "vào",
    "mã",
    "là",
    "theo",
    "về",
    "và",
    "hoặc",
    "Quý",
    "Kính gửi",
    "chậm nhất",
    "đề nghị",
    "LH",
];

/// What people do not write, each with a name.
const PAIRS: [(&str, &str); 20] = [
    ("  ", "two blanks"),
    (" ,", "a blank before a comma"),
    (" .", "a blank before a full stop"),
    (" ;", "a blank before a semicolon"),
    (" :", "a blank before a colon"),
    (" )", "a blank before a bracket"),
    ("( ", "a blank behind a bracket"),
    ("()", "empty brackets"),
    ("“”", "empty quotation marks"),
    (",,", "two commas"),
    (",.", "a comma before a full stop"),
    ("..", "two full stops"),
    (";.", "a semicolon before a full stop"),
    ("::", "two colons"),
    (",:", "a comma before a colon"),
    (": (", "a bracket behind a colon"),
    (": –", "a dash behind a colon"),
    ("– (", "a bracket behind a dash"),
    ("của (", "nobody whose it is"),
    ("cua (", "nobody whose it is"),
];

/// Only debts under contract are overdue; no contract stands in the script.
const OVERDUE: &str = "qua han";

/// What is wrong with the language of a message.
pub(super) fn faults(message: &Message) -> Vec<String> {
    let mut faults = Vec::new();
    for line in lines(message) {
        faults.extend(line_faults(line, message.is_sms));
        faults.extend(telephone_fault(line, message.is_sms));
    }
    faults.extend(label_faults(&message.text));
    faults.extend(signature_fault(message));
    faults.extend(other_words(message));
    let all = message.all_words();
    faults.extend(machine_faults(&all));
    if vietnam::text::fold(&all).contains(OVERDUE) {
        faults.push("it says overdue without a contract".to_owned());
    }
    if !message.is_sms && all.to_lowercase().contains("huỷ") {
        faults.push("a spelling that official texts do not use: huỷ".to_owned());
    }
    faults
}

fn lines(message: &Message) -> impl Iterator<Item = &str> {
    let text = message.text.lines();
    text.chain([message.subject.as_str()])
        .filter(|line| !line.is_empty())
}

fn line_faults(line: &str, is_sms: bool) -> Vec<String> {
    let mut faults: Vec<String> = PAIRS
        .iter()
        .filter(|(sign, _)| line.contains(sign))
        .map(|(_, name)| (*name).to_owned())
        .collect();
    let begins = line.chars().next();
    if begins.is_some_and(|c| c.is_lowercase() || ",.:;(–".contains(c)) {
        faults.push(format!("a line that begins in its middle: {line}"));
    }
    if line.ends_with('–') {
        faults.push("nothing behind a dash".to_owned());
    }
    if line.ends_with(", điện thoại") {
        faults.push("a telephone without its number".to_owned());
    }
    if line.trim() != line {
        faults.push("blanks around a line".to_owned());
    }
    if !balanced(line) {
        faults.push("a bracket without its other".to_owned());
    }
    faults.extend(dangling(line, is_sms).map(|word| format!("nothing behind \"{word}\"")));
    faults
}

/// Each bracket and quotation mark has its other, in order.
fn balanced(line: &str) -> bool {
    let mut open = Vec::new();
    for c in line.chars() {
        match c {
            '(' | '“' | '[' => open.push(c),
            ')' if open.pop() != Some('(') => return false,
            '”' if open.pop() != Some('“') => return false,
            ']' if open.pop() != Some('[') => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// A word that needs another one and has none.
fn dangling(line: &str, is_sms: bool) -> Option<&'static str> {
    let own = |text: &str| {
        if is_sms {
            vietnam::text::fold(text)
        } else {
            text.to_lowercase()
        }
    };
    let text = own(line);
    let words: Vec<&str> = text.split(' ').collect();
    LEADING.into_iter().find(|word| {
        let word = own(word);
        let bare = |at: usize| words[at].trim_start_matches(['(', '“']);
        let lonely = |at: usize| {
            let ended = bare(at).strip_prefix(word.as_str());
            ended.is_some_and(|sign| [",", ".", ";", ")"].contains(&sign) || is_sms && sign == ":")
        };
        text.ends_with(&format!(" {word}")) || (0..words.len()).any(lonely)
    })
}

/// A mail is signed.
fn signature_fault(message: &Message) -> Option<String> {
    if message.is_sms {
        return None;
    }
    let (_, signed) = message.text.split_once("\nTrân trọng,\n")?;
    let contact = ["Điện thoại", "Email"]
        .iter()
        .any(|label| signed.starts_with(label));
    contact.then(|| "nobody has signed".to_owned())
}

/// Both parts of a mail say the same words; of a link, the second one shows the label.
fn other_words(message: &Message) -> Option<String> {
    let html = message.html.as_ref()?;
    let words = |text: &str| -> Vec<String> {
        let plain = text.split_whitespace().filter(|word| !word.contains("//"));
        let plain = plain.flat_map(|word| word.split(|c: char| !c.is_alphanumeric()));
        plain
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let mut shown = words(html);
    let lost = words(&message.text).into_iter().find(|word| {
        let at = shown.iter().position(|shown| shown == word);
        at.map(|at| shown.swap_remove(at)).is_none()
    });
    lost.map(|word| format!("only the plain part says {word}"))
}

/// A label or the beginning of a list with nothing behind it: facts stand line by line, and
/// what a paragraph announces comes behind an empty line.
fn label_faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if !line.ends_with(':') {
            continue;
        }
        let mut behind = lines[at + 1..].iter();
        let announced = behind.next().is_some_and(|next| next.is_empty())
            && behind.next().is_some_and(|next| is_announced(next));
        if !announced {
            faults.push(format!("nothing behind a label: {line}"));
        }
    }
    faults
}

/// A paper of a list, a link or telephone with its label.
fn is_announced(line: &str) -> bool {
    let contact = line.starts_with("Đầu mối") || line.starts_with("Please contact");
    line.starts_with("- ") || (line.contains(": ") && !contact)
}

fn machine_faults(all: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let words: Vec<&str> = all
        .split(|c: char| c.is_whitespace() || ",.;:()".contains(c))
        .collect();
    for sign in MACHINE {
        let is_word = sign.chars().all(char::is_alphabetic);
        let found = if is_word {
            words.iter().any(|word| word.eq_ignore_ascii_case(sign))
        } else {
            all.contains(sign)
        };
        if found {
            faults.push(format!("what only machines read: {sign}"));
        }
    }
    if all.chars().any(|c| c.is_control() && c != '\n') {
        faults.push("a sign that is no letter".to_owned());
    }
    faults
}

/// People read 0261 3000 002; in an SMS blanks cost, and telephones group the figures.
fn telephone_fault(line: &str, is_sms: bool) -> Option<String> {
    if line.contains("+84") {
        return Some("a telephone that nobody dials so".to_owned());
    }
    let is_address = |word: &&str| word.contains('@') || word.contains("//");
    let glued = line
        .split([' ', ',', '(', ')', ';'])
        .filter(|word| !is_address(word))
        .map(|word| word.trim_end_matches(['.', ':']))
        .find(|word| word.len() >= 9 && word.chars().all(|c| c.is_ascii_digit()))?;
    let right = is_sms && glued.starts_with('0') && (10..=11).contains(&glued.len());
    (!right).then(|| format!("a telephone in another form: {glued}"))
}
