//! The protobuf messages of note types, as `notetypes.proto` of Anki 26.9.3 has them: with only the
//! fields that we read and write.

use prost::Message;

#[derive(Message)]
pub(crate) struct NotetypeConfig {
    /// 0 for a standard note type, 1 for cloze.
    #[prost(int32, tag = "1")]
    pub(crate) kind: i32,
    #[prost(uint32, tag = "2")]
    pub(crate) sort_field: u32,
    #[prost(string, tag = "3")]
    pub(crate) css: String,
    #[prost(string, tag = "5")]
    pub(crate) latex_pre: String,
    #[prost(string, tag = "6")]
    pub(crate) latex_post: String,
    #[prost(bool, tag = "7")]
    pub(crate) latex_svg: bool,
    #[prost(int32, tag = "9")]
    pub(crate) original_stock_kind: i32,
}

#[derive(Message)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct FieldConfig {
    #[prost(bool, tag = "1")]
    pub(crate) sticky: bool,
    #[prost(bool, tag = "2")]
    pub(crate) rtl: bool,
    #[prost(string, tag = "3")]
    pub(crate) font_name: String,
    #[prost(uint32, tag = "4")]
    pub(crate) font_size: u32,
    #[prost(string, tag = "5")]
    pub(crate) description: String,
    #[prost(bool, tag = "6")]
    pub(crate) plain_text: bool,
    #[prost(bool, tag = "7")]
    pub(crate) collapsed: bool,
    #[prost(bool, tag = "8")]
    pub(crate) exclude_from_search: bool,
    #[prost(int64, optional, tag = "9")]
    pub(crate) id: Option<i64>,
    #[prost(uint32, optional, tag = "10")]
    pub(crate) tag: Option<u32>,
    #[prost(bool, tag = "11")]
    pub(crate) prevent_deletion: bool,
}

#[derive(Message)]
pub(crate) struct TemplateConfig {
    #[prost(string, tag = "1")]
    pub(crate) q_format: String,
    #[prost(string, tag = "2")]
    pub(crate) a_format: String,
    #[prost(string, tag = "3")]
    pub(crate) browser_front: String,
    #[prost(string, tag = "4")]
    pub(crate) browser_back: String,
    #[prost(string, tag = "6")]
    pub(crate) browser_font: String,
    #[prost(uint32, tag = "7")]
    pub(crate) browser_size: u32,
    #[prost(int64, optional, tag = "8")]
    pub(crate) id: Option<i64>,
}
