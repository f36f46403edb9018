// Logseq's own parser, set as Logseq sets it: a text goes in, its syntax with positions comes out.
const { Mldoc } = require("mldoc");

const settings = {
  toc: false,
  parse_outline_only: false,
  heading_number: false,
  keep_line_break: true,
  format: "Markdown",
  heading_to_list: false,
  exporting_keep_properties: false,
  inline_type_with_pos: true,
  inline_skip_macro: false,
  export_md_indent_style: "dashes",
  export_md_remove_options: [],
  hiccup_in_block: true,
};

const text = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(Mldoc.parseJson(text, JSON.stringify(settings)));
