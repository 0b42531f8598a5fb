//! What the parser of TOML says in English, in the language of this run.

use kit::language::Language;

use crate::language;

/// What people meet, by how the parser begins to say it; the first that fits.
const SAID: [(&str, &str); 17] = [
    (
        "string values must be quoted",
        "chữ phải đặt trong ngoặc kép, như \"Hội nghị\"; ngày ghi như 2024-04-11",
    ),
    (
        "invalid basic string",
        "ngoặc kép mở mà chưa đóng, hoặc trong ngoặc có dấu lạ",
    ),
    (
        "invalid string",
        "ngoặc kép mở mà chưa đóng, hoặc trong ngoặc có dấu lạ",
    ),
    ("invalid literal string", "ngoặc đơn mở mà chưa đóng"),
    ("missing opening quote", "thiếu ngoặc kép ở đầu"),
    ("unclosed array table", "thiếu dấu ]] sau tên bảng"),
    ("unclosed table", "thiếu dấu ] sau tên bảng"),
    ("unclosed array", "thiếu dấu ] ở cuối danh sách"),
    ("unclosed inline table", "thiếu dấu } ở cuối bảng"),
    ("duplicate key", "trường này đã có ở trên; hãy bỏ một chỗ"),
    ("key with no value", "sau tên trường cần dấu = và giá trị"),
    ("missing assignment", "sau tên trường cần dấu = và giá trị"),
    ("missing value", "sau dấu = cần một giá trị"),
    ("missing comma", "thiếu dấu phẩy giữa hai giá trị"),
    ("extra comma", "thừa dấu phẩy"),
    (
        "invalid unquoted key",
        "tên trường chỉ gồm chữ không dấu, chữ số, dấu - và _",
    ),
    (
        "unexpected leading zero",
        "số không bắt đầu bằng 0; ngày ghi như 2024-04-11",
    ),
];

const ELSE: &str = "viết chưa đúng dạng; đối chiếu với ví dụ trong docs/plan-file.md";

/// A message of the parser.
pub(super) fn in_words(message: &str) -> String {
    match language::current() {
        Language::En => message.to_owned(),
        Language::Vi => {
            let found = SAID.iter().find(|(said, _)| message.starts_with(said));
            found.map_or(ELSE, |(_, vi)| vi).to_owned()
        }
    }
}
