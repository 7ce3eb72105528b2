//! The codes of all findings. A code never changes its meaning.

use super::Code;

/// Declares the codes, and [`ALL`] with what each stands for.
macro_rules! codes {
    ($(#[doc = $about:literal] $name:ident = $number:literal;)*) => {
        $(#[doc = $about] pub const $name: Code = Code($number);)*

        /// Every code with what it stands for, in the order of the table.
        pub const ALL: &[(Code, &str)] = &[$(($name, $about)),*];
    };
}

codes! {
    // Limits.

    /// A text beyond the size that is read.
    TOO_LARGE = 1;
    /// Nested beyond the depth that is read.
    TOO_DEEP = 2;
    /// More findings than are told.
    TOO_MANY_FINDINGS = 3;
    /// More files than are opened.
    TOO_MANY_FILES = 4;
    /// Includes beyond the depth that is followed.
    INCLUDE_TOO_DEEP = 5;
    /// More statements than are read.
    TOO_MANY_STATEMENTS = 6;
    /// A variable that comes to too much.
    EXPANSION_TOO_LARGE = 7;

    // Reading.

    /// A character that nothing starts with here.
    UNEXPECTED_CHARACTER = 101;
    /// Something else than the grammar asks for.
    UNEXPECTED = 102;
    /// A rule without the comma at its end.
    MISSING_COMMA = 103;
    /// A brace that closes nothing.
    EXTRA_BRACE = 104;
    /// A brace that nothing closes.
    MISSING_BRACE = 105;
    /// A word where permission letters belong.
    BAD_PERMISSIONS = 106;
    /// A path without its leading slash.
    MISSING_SLASH = 107;
    /// A path with a blank and without quotes.
    UNQUOTED_BLANK = 108;
    /// A variable or home folder written as a shell does.
    SHELL_SYNTAX = 109;
    /// Prefix words in an order that is not read.
    PREFIX_ORDER = 110;
    /// A word that starts no rule.
    UNKNOWN_RULE = 111;
    /// A comma where none belongs.
    EXTRA_COMMA = 112;
    /// A rule outside a profile.
    OUTSIDE_PROFILE = 113;
    /// A quoted text without its closing quote.
    UNCLOSED_QUOTE = 114;
    /// A construct that the chosen release does not know.
    NOT_AT_THIS_LEVEL = 115;

    // Preamble.

    /// A file to include that does not exist.
    INCLUDE_MISSING = 201;
    /// A feature file that does not exist.
    ABI_MISSING = 202;
    /// A variable declared twice.
    VARIABLE_REDECLARED = 203;
    /// `+=` on a variable that is not declared.
    VARIABLE_NOT_DECLARED = 204;
    /// A comma behind a variable's values.
    VARIABLE_COMMA = 205;
    /// A use of a variable that nothing declares.
    VARIABLE_UNDEFINED = 206;
    /// A variable that comes back to itself.
    VARIABLE_RECURSIVE = 207;
    /// A boolean that is neither true nor false.
    NOT_A_BOOLEAN = 208;
    /// A condition on a boolean that nothing sets.
    BOOLEAN_UNSET = 209;
    /// A variable of the other type.
    VARIABLE_TYPE = 210;
    /// A comparison of a number with something else.
    NOT_COMPARABLE = 211;
    /// A variable set inside a profile.
    VARIABLE_IN_PROFILE = 212;
    /// Something in `@{…}` that is no name.
    VARIABLE_NAME = 213;

    // Profiles.

    /// A flag that does not exist.
    UNKNOWN_FLAG = 301;
    /// Flags that exclude each other.
    FLAG_CONFLICT = 302;
    /// A flag value that cannot be read.
    FLAG_VALUE = 303;
    /// An attachment that is no path.
    BAD_ATTACHMENT = 304;
    /// A name that needs the keyword `profile`.
    NAME_NEEDS_KEYWORD = 305;
    /// A namespace that is not written out.
    BAD_NAMESPACE = 306;
    /// Two profiles of one name.
    DUPLICATE_PROFILE = 307;
    /// A condition group that profiles do not have.
    BAD_PROFILE_CONDITION = 308;
    /// An identity with a blank.
    BAD_IDENTITY = 309;
    /// More named exec targets than fit.
    TOO_MANY_TARGETS = 310;

    // File rules.

    /// `a` and `w` in one rule.
    APPEND_AND_WRITE = 401;
    /// `x` without a mode.
    EXEC_WITHOUT_MODE = 402;
    /// An exec mode in a deny rule.
    EXEC_MODE_IN_DENY = 403;
    /// Two exec modes in one rule.
    TWO_EXEC_MODES = 404;
    /// A target that is both a link's and an exec's.
    LINK_AND_EXEC = 405;
    /// `subset` without `l`.
    SUBSET_WITHOUT_LINK = 406;
    /// `safe` or `unsafe` without `x`.
    SAFETY_WITHOUT_EXEC = 407;
    /// Rules that disagree on how a path is executed.
    EXEC_CONFLICT = 408;
    /// A `change_profile` condition that is no path.
    BAD_EXEC_CONDITION = 409;
    /// Prefixes that contradict each other.
    PREFIX_CONFLICT = 410;
    /// A priority outside the range.
    BAD_PRIORITY = 411;
    /// A prefix that this kind of rule does not take.
    PREFIX_NOT_ALLOWED = 412;

    // Other rules.

    /// A capability that does not exist.
    UNKNOWN_CAPABILITY = 501;
    /// A network family, type or protocol that does not exist.
    BAD_NETWORK = 502;
    /// A condition that this kind of rule does not have.
    BAD_CONDITION = 503;
    /// A condition with a value it cannot have.
    BAD_CONDITION_VALUE = 504;
    /// A condition given twice.
    CONDITION_TWICE = 505;
    /// A permission that this kind of rule does not have.
    BAD_RULE_PERMISSION = 506;
    /// A permission that does not go with the conditions.
    PERMISSION_WITH_PEER = 507;
    /// A signal that does not exist.
    UNKNOWN_SIGNAL = 508;
    /// A mount option that does not exist.
    UNKNOWN_MOUNT_OPTION = 509;
    /// Mount options that exclude each other.
    MOUNT_OPTION_CONFLICT = 510;
    /// A mount rule that can match nothing.
    EMPTY_MOUNT_RULE = 511;
    /// A resource limit that does not exist.
    UNKNOWN_RLIMIT = 512;
    /// A value that a resource limit cannot have.
    BAD_RLIMIT = 513;
    /// A message queue name of the wrong form.
    BAD_QUEUE_NAME = 514;

    // Patterns.

    /// A brace or bracket that nothing closes.
    UNCLOSED_GROUP = 601;
    /// An alternation of fewer than two items.
    TOO_FEW_ITEMS = 602;
    /// A brace or bracket that closes nothing.
    UNOPENED_GROUP = 603;
    /// Alternations nested too deep.
    GROUP_TOO_DEEP = 604;
    /// A class of characters that cannot be read.
    BAD_CLASS = 606;
    /// A backslash at the end.
    TRAILING_BACKSLASH = 605;
    /// Patterns too large or too entangled to be compiled.
    TOO_COMPLEX = 607;

    // Accepted, but worth knowing.

    /// A rule that the real parser reads and then drops.
    DROPPED_RULE = 901;
    /// A deny rule in a profile that complains.
    DENY_IN_COMPLAIN = 902;
    /// An exec without a profile.
    UNCONFINED_EXEC = 903;
    /// A file that may be written and executed.
    WRITE_AND_EXEC = 904;
    /// A negated class that matches a slash.
    CLASS_MATCHES_SLASH = 905;
    /// A deny rule on what is in a folder that leaves the folder.
    FOLDER_NOT_COVERED = 906;
    /// A rule that a deny rule takes away.
    SHADOWED_RULE = 907;
    /// A rule of a class that is not mediated.
    NOT_MEDIATED = 908;
    /// A profile whose name is not the one that a pod asks for.
    NAME_DIFFERS = 909;
    /// A rule for names that the kernel never builds.
    NEVER_MATCHES = 910;
    /// A mount point without the slash that the kernel ends a folder's name with.
    MOUNT_POINT_WITHOUT_SLASH = 911;
}
