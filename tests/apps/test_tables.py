"""The readers of files that are lines or rows."""

import pytest

from readers import Card, Refused, brainscape, jsonl, paste, spreadsheet


def test_paste(sample):
    assert paste.read(sample("paste.tsv")) == [
        Card("What is a tab?", 'A character, "\\t" in C; it ends a side'),
        Card('Does a quote matter? "no', 'No: "",'),
        Card("  blanks  ", "  are kept"),
    ]


@pytest.mark.parametrize("text", ["a\n", "a\tb\tc\n", "\tb\n", "a\t \n", "a\tb\r\n", "\ufeffa\tb\n"])
def test_paste_refuses(file, text):
    with pytest.raises(Refused):
        paste.read(file(text))


def test_spreadsheet(sample):
    assert spreadsheet.read(sample("spreadsheet.csv")) == [
        {"question": 'Comma, and "quotes"', "answer": "Line one\nline two"},
        {"question": "; and tab\t", "answer": "=1+1"},
    ]


def test_spreadsheet_refuses(file):
    with pytest.raises(Refused):
        spreadsheet.read(file("a,b\n1,2,3\n"))


@pytest.mark.debian
@pytest.mark.parametrize(
    "cells, seen",
    [
        ('"a, ""b""","c\nd"', ['a, "b"', "c\nd"]),
        ("-x,+y", ["-x", "+y"]),
        (" =1,'=1", [" =1", "'=1"]),
        ("007,1e3", [7, 1000]),
        ("ä,\u2028", ["ä", "\u2028"]),
    ],
)
def test_spreadsheet_in_calc(file, cells, seen):
    assert spreadsheet.shown(file(f"{cells}\n", "a.csv")) == [seen]


@pytest.mark.debian
@pytest.mark.parametrize("cell", ["=1+1", '"=1+1"', "=not one"])
def test_calc_finds_formulas(file, cell):
    with pytest.raises(Refused):
        spreadsheet.shown(file(f"{cell},b\n", "a.csv"))


@pytest.mark.debian
def test_calc_takes_quoted_cells_as_text_if_told(file):
    path = file('"=1+1","007"\n', "a.csv")
    assert spreadsheet.shown(path, spreadsheet.QUOTED_AS_TEXT) == [["=1+1", "007"]]


def test_brainscape(sample):
    assert brainscape.read(sample("brainscape.csv")) == [
        Card("What is 1?", 'One, "1"\nFrom school'),
        Card("Name it.\nTwo\nlines", "Answer"),
    ]


@pytest.mark.parametrize("text", ["Question,Answer\na,b\n", "Q. Body,A. Body\na,\n"])
def test_brainscape_refuses(file, text):
    with pytest.raises(Refused):
        brainscape.read(file(text))


def test_jsonl(sample):
    assert jsonl.read(sample("deck.jsonl")) == [
        {"question": 'A "quote"', "answer": "two\nlines"},
        {"question": "\u2028", "answer": "\u2028"},
    ]


@pytest.mark.parametrize("text", ['{"a":1,"a":2}\n', '{"a":NaN}\n', "[]\n", '{"a":1}'])
def test_jsonl_refuses(file, text):
    with pytest.raises(Refused):
        jsonl.read(file(text))
