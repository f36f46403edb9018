//! An edit of a recall list, as an edit of the fields that the list is made of.
//!
//! A learner sees a mistake on the card of a key point, and mends it there. The list follows from the
//! question and its key points, so that is where the edit belongs.

use crate::connect::canonical::{canonical, write_nodes};
use crate::dom::{Dom, Id};
use crate::export::package_notes::PackageNote;

/// A recall list: its question, and each item as its gap and the text that this hides.
#[derive(Debug, PartialEq, Eq)]
struct List {
    asked: String,
    items: Vec<(String, String)>,
}

/// Returns the fields of the main note that an edit of its recall list changes, with their new
/// content; `None` if anything but the question and single points was edited.
#[must_use]
pub fn find_fields(before: &str, now: &str, main: &PackageNote) -> Option<Vec<(String, String)>> {
    let (before, now) = (read(before)?, read(now)?);
    let gaps = |list: &List| list.items.iter().map(|(gap, _)| gap.clone()).collect::<Vec<_>>();
    if gaps(&before) != gaps(&now) {
        return None;
    }
    let mut fields = Vec::new();
    if before.asked != now.asked {
        fields.push(("Question".to_owned(), now.asked));
    }
    let (_, points) = main.named_fields().find(|(name, _)| *name == "Key Points")?;
    let mut points = canonical(points);
    let edited = before.items.iter().zip(&now.items).filter(|(was, is)| was != is);
    let mut is_edited = false;
    for ((_, was), (_, is)) in edited {
        let item = format!("<li>{was}</li>");
        if points.matches(&item).count() != 1 {
            return None;
        }
        points = points.replace(&item, &format!("<li>{is}</li>"));
        is_edited = true;
    }
    if is_edited {
        fields.push(("Key Points".to_owned(), points));
    }
    Some(fields)
}

/// Reads a recall list.
fn read(html: &str) -> Option<List> {
    let dom = Dom::parse(html);
    let find = |name: &str, class: &str| {
        let is_it = |id: &Id| dom.name(*id) == name && dom.attribute(*id, "class") == Some(class);
        let below = dom.top().iter().flat_map(|id| dom.children(*id));
        dom.top().iter().chain(below).copied().find(is_it)
    };
    let write = |id: Id| {
        let mut html = String::new();
        write_nodes(&dom, dom.children(id), &mut html);
        html.trim().to_owned()
    };
    let asked = write(find("div", "question")?);
    let items = dom.children(find("ul", "recall")?).iter().filter(|id| dom.name(**id) == "li");
    let item = |id: &Id| {
        let html = write(*id);
        let (gap, rest) = html.strip_prefix("{{")?.split_once("::")?;
        Some((gap.to_owned(), rest.strip_suffix("}}")?.to_owned()))
    };
    Some(List { asked, items: items.map(item).collect::<Option<_>>()? })
}

#[cfg(test)]
mod tests {
    use super::{List, read};

    #[test]
    fn lists_are_read() {
        let html = "<div class=\"question\">Q <b>x</b></div>\n<ul class=\"recall\">\n\
                    <li>{{c1::one}}</li>\n<li>{{c3::<em>two</em>, a::b}}</li>\n</ul>";
        let item = |gap: &str, text: &str| (gap.to_owned(), text.to_owned());
        let items = vec![item("c1", "one"), item("c3", "<em>two</em>, a::b")];
        let list = List { asked: "Q <b>x</b>".to_owned(), items };
        assert_eq!(read(&format!("<div dir=\"rtl\">{html}</div>")).as_ref(), Some(&list));
        assert_eq!(read(html), Some(list));
        assert_eq!(read(&html.replace("{{c1::one}}", "one")), None);
        assert_eq!(read("nothing"), None);
    }
}
