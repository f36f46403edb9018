//! Enums whose variants users call by a name: in settings, on the command line and in the lock.
//!
//! Variant and name stand in one line, so that none can be without the other.

/// Defines an enum with a list of all its variants, and the name of each.
macro_rules! named {
    (
        $(#[$about:meta])*
        pub enum $type:ident {
            $($(#[$doc:meta])* $variant:ident = $name:literal,)*
        }
    ) => {
        $(#[$about])*
        pub enum $type {
            $($(#[$doc])* $variant,)*
        }

        impl $type {
            /// Every one with its name.
            pub const ALL: &[(&str, Self)] = &[$(($name, Self::$variant),)*];

            /// Returns the name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

pub(crate) use named;
