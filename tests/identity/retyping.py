"""One page typed by two people: the same content, and as little as possible written alike."""

ONE = """\
---
tags: [rust]
---

# Rust by heart

## Ownership

### Q: What does *moving* a value do to `x`?

**Answer:** It hands the value **over**: the old name is *dead*, and the compiler says so, which
costs nothing at run time & is checked everywhere.

1. first the bytes are copied
2. then the old name is forgotten

| what | cost |
|------|-----:|
| move | 0    |
| copy | few  |

```rust
let y = x;
//  and  no more x
```

See [the book](https://example.org/book "The Book") or <https://example.org>.

**Key points to hit:**

- the old name is dead
- nothing happens at run time
  - not even a copy of the heap

**Follow-ups:** What of `Copy` types?

---

### Q: Is *é* one character or two?

**Answer:** Two bytes in UTF-8, one `char`, and perhaps two of them: a letter and an accent, as in
the word café; the area is $a^2$ or 2 * 3.

> Count what you mean.
> Say which.
"""

OTHER = """\
---
tags:
  - rust
---
Rust by heart
=============

Ownership
---------

### Q: What does _moving_ a value do to ``x``? ###

__Answer:__
It hands the value __over__: the old name is _dead_, and the
compiler says so, which costs nothing at
run time &amp; is checked everywhere.

1) first the bytes are copied
2) then the old name is forgotten

what | cost
---- | --:
move | 0
copy | few

~~~~ rust
let y = x;
//  and  no more x
~~~~

See [the book][] or <https://example.org>.

**Key points to hit**:

+ the old name is dead
+ nothing happens at run time
    * not even a copy of the heap

__Follow-ups:__
What of `Copy` types?

* * *
### Q:   Is _e\u0301_ one character or two?

**Answer:** Two bytes in UTF-8, one `char`, and perhaps
two of them: a letter and an accent,
as in the word cafe\u0301; the area is $a^2$ or 2 \\* 3.

> Count what you mean.
Say which.

[the book]: <https://example.org/book> 'The Book'
"""
