//! One page of a list: how much to read, and where the next page begins.

use kit::error::Result;
use kit::page;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::House;

/// A list that is being read page by page.
pub(super) struct Listing<'a> {
    house: &'a House,
    method: &'static str,
    shape: &'a str,
    size: u32,
}

impl<'a> Listing<'a> {
    /// A page of the list that `method` gives; `shape` holds everything of the
    /// request that decides what is in it and in which order.
    pub(super) fn new(
        house: &'a House,
        method: &'static str,
        shape: &'a str,
        page_size: i32,
    ) -> Result<Self> {
        Ok(Self {
            house,
            method,
            shape,
            size: page::size(page_size)?,
        })
    }

    /// Where this page begins; `None` for the first one.
    pub(super) fn begin<C: DeserializeOwned>(&self, token: &str) -> Result<Option<C>> {
        self.house.pages.read(&[self.method, self.shape], token)
    }

    /// Rows to read: one more than the page holds tells whether another follows.
    pub(super) fn limit(&self) -> i64 {
        i64::from(self.size) + 1
    }

    /// The rows of the page, and the token of the next one.
    pub(super) fn finish<C: Serialize, T>(
        &self,
        mut rows: Vec<(C, T)>,
    ) -> Result<(Vec<T>, String)> {
        let size = self.size as usize;
        let more = rows.len() > size;
        rows.truncate(size);
        let token = match rows.last() {
            Some((cursor, _)) if more => {
                self.house.pages.issue(&[self.method, self.shape], cursor)?
            }
            Some(_) | None => String::new(),
        };
        Ok((rows.into_iter().map(|(_, row)| row).collect(), token))
    }
}
