//! The codes of all findings. A code never changes its meaning.

use super::Code;

// Limits.

/// A text beyond the size that is read.
pub const TOO_LARGE: Code = Code(1);
/// Nested beyond the depth that is read.
pub const TOO_DEEP: Code = Code(2);
/// More findings than are told.
pub const TOO_MANY_FINDINGS: Code = Code(3);
/// More files than are opened.
pub const TOO_MANY_FILES: Code = Code(4);
/// Includes beyond the depth that is followed.
pub const INCLUDE_TOO_DEEP: Code = Code(5);
/// More statements than are read.
pub const TOO_MANY_STATEMENTS: Code = Code(6);
/// A variable that comes to too much.
pub const EXPANSION_TOO_LARGE: Code = Code(7);

// Reading.

/// A character that nothing starts with here.
pub const UNEXPECTED_CHARACTER: Code = Code(101);
/// Something else than the grammar asks for.
pub const UNEXPECTED: Code = Code(102);
/// A rule without the comma at its end.
pub const MISSING_COMMA: Code = Code(103);
/// A brace that closes nothing.
pub const EXTRA_BRACE: Code = Code(104);
/// A brace that nothing closes.
pub const MISSING_BRACE: Code = Code(105);
/// A word where permission letters belong.
pub const BAD_PERMISSIONS: Code = Code(106);
/// A path without its leading slash.
pub const MISSING_SLASH: Code = Code(107);
/// A path with a blank and without quotes.
pub const UNQUOTED_BLANK: Code = Code(108);
/// A variable or home folder written as a shell does.
pub const SHELL_SYNTAX: Code = Code(109);
/// Prefix words in an order that is not read.
pub const PREFIX_ORDER: Code = Code(110);
/// A word that starts no rule.
pub const UNKNOWN_RULE: Code = Code(111);
/// A comma where none belongs.
pub const EXTRA_COMMA: Code = Code(112);
/// A rule outside a profile.
pub const OUTSIDE_PROFILE: Code = Code(113);
/// A quoted text without its closing quote.
pub const UNCLOSED_QUOTE: Code = Code(114);
/// A construct that the chosen release does not know.
pub const NOT_AT_THIS_LEVEL: Code = Code(115);

// Preamble.

/// A file to include that does not exist.
pub const INCLUDE_MISSING: Code = Code(201);
/// A feature file that does not exist.
pub const ABI_MISSING: Code = Code(202);
/// A variable declared twice.
pub const VARIABLE_REDECLARED: Code = Code(203);
/// `+=` on a variable that is not declared.
pub const VARIABLE_NOT_DECLARED: Code = Code(204);
/// A comma behind a variable's values.
pub const VARIABLE_COMMA: Code = Code(205);
/// A use of a variable that nothing declares.
pub const VARIABLE_UNDEFINED: Code = Code(206);
/// A variable that comes back to itself.
pub const VARIABLE_RECURSIVE: Code = Code(207);
/// A boolean that is neither true nor false.
pub const NOT_A_BOOLEAN: Code = Code(208);
/// A condition on a boolean that nothing sets.
pub const BOOLEAN_UNSET: Code = Code(209);
/// A variable of the other type.
pub const VARIABLE_TYPE: Code = Code(210);
/// A comparison of a number with something else.
pub const NOT_COMPARABLE: Code = Code(211);
/// A variable set inside a profile.
pub const VARIABLE_IN_PROFILE: Code = Code(212);
/// Something in `@{…}` that is no name.
pub const VARIABLE_NAME: Code = Code(213);

// Profiles.

/// A flag that does not exist.
pub const UNKNOWN_FLAG: Code = Code(301);
/// Flags that exclude each other.
pub const FLAG_CONFLICT: Code = Code(302);
/// A flag value that cannot be read.
pub const FLAG_VALUE: Code = Code(303);
/// An attachment that is no path.
pub const BAD_ATTACHMENT: Code = Code(304);
/// A name that needs the keyword `profile`.
pub const NAME_NEEDS_KEYWORD: Code = Code(305);
/// A namespace that is not written out.
pub const BAD_NAMESPACE: Code = Code(306);
/// Two profiles of one name.
pub const DUPLICATE_PROFILE: Code = Code(307);
/// A condition group that profiles do not have.
pub const BAD_PROFILE_CONDITION: Code = Code(308);
/// An identity with a blank.
pub const BAD_IDENTITY: Code = Code(309);
/// More named exec targets than fit.
pub const TOO_MANY_TARGETS: Code = Code(310);

// File rules.

/// `a` and `w` in one rule.
pub const APPEND_AND_WRITE: Code = Code(401);
/// `x` without a mode.
pub const EXEC_WITHOUT_MODE: Code = Code(402);
/// An exec mode in a deny rule.
pub const EXEC_MODE_IN_DENY: Code = Code(403);
/// Two exec modes in one rule.
pub const TWO_EXEC_MODES: Code = Code(404);
/// A target that is both a link's and an exec's.
pub const LINK_AND_EXEC: Code = Code(405);
/// `subset` without `l`.
pub const SUBSET_WITHOUT_LINK: Code = Code(406);
/// `safe` or `unsafe` without `x`.
pub const SAFETY_WITHOUT_EXEC: Code = Code(407);
/// Rules that disagree on how a path is executed.
pub const EXEC_CONFLICT: Code = Code(408);
/// A `change_profile` condition that is no path.
pub const BAD_EXEC_CONDITION: Code = Code(409);
/// Prefixes that contradict each other.
pub const PREFIX_CONFLICT: Code = Code(410);
/// A priority outside the range.
pub const BAD_PRIORITY: Code = Code(411);
/// A prefix that this kind of rule does not take.
pub const PREFIX_NOT_ALLOWED: Code = Code(412);

// Other rules.

/// A capability that does not exist.
pub const UNKNOWN_CAPABILITY: Code = Code(501);
/// A network family, type or protocol that does not exist.
pub const BAD_NETWORK: Code = Code(502);
/// A condition that this kind of rule does not have.
pub const BAD_CONDITION: Code = Code(503);
/// A condition with a value it cannot have.
pub const BAD_CONDITION_VALUE: Code = Code(504);
/// A condition given twice.
pub const CONDITION_TWICE: Code = Code(505);
/// A permission that this kind of rule does not have.
pub const BAD_RULE_PERMISSION: Code = Code(506);
/// A permission that does not go with the conditions.
pub const PERMISSION_WITH_PEER: Code = Code(507);
/// A signal that does not exist.
pub const UNKNOWN_SIGNAL: Code = Code(508);
/// A mount option that does not exist.
pub const UNKNOWN_MOUNT_OPTION: Code = Code(509);
/// Mount options that exclude each other.
pub const MOUNT_OPTION_CONFLICT: Code = Code(510);
/// A mount rule that can match nothing.
pub const EMPTY_MOUNT_RULE: Code = Code(511);
/// A resource limit that does not exist.
pub const UNKNOWN_RLIMIT: Code = Code(512);
/// A value that a resource limit cannot have.
pub const BAD_RLIMIT: Code = Code(513);
/// A message queue name of the wrong form.
pub const BAD_QUEUE_NAME: Code = Code(514);

// Patterns.

/// A brace or bracket that nothing closes.
pub const UNCLOSED_GROUP: Code = Code(601);
/// An alternation of fewer than two items.
pub const TOO_FEW_ITEMS: Code = Code(602);
/// A brace or bracket that closes nothing.
pub const UNOPENED_GROUP: Code = Code(603);
/// Alternations nested too deep.
pub const GROUP_TOO_DEEP: Code = Code(604);
/// A class of characters that cannot be read.
pub const BAD_CLASS: Code = Code(606);
/// A backslash at the end.
pub const TRAILING_BACKSLASH: Code = Code(605);
/// Patterns too large or too entangled to be compiled.
pub const TOO_COMPLEX: Code = Code(607);

// Accepted, but worth knowing.

/// A rule that the real parser reads and then drops.
pub const DROPPED_RULE: Code = Code(901);
/// A deny rule in a profile that complains.
pub const DENY_IN_COMPLAIN: Code = Code(902);
/// An exec without a profile.
pub const UNCONFINED_EXEC: Code = Code(903);
/// A file that may be written and executed.
pub const WRITE_AND_EXEC: Code = Code(904);
/// A negated class that matches a slash.
pub const CLASS_MATCHES_SLASH: Code = Code(905);
/// A deny rule on what is in a folder that leaves the folder.
pub const FOLDER_NOT_COVERED: Code = Code(906);
/// A rule that a deny rule takes away.
pub const SHADOWED_RULE: Code = Code(907);
/// A rule of a class that is not mediated.
pub const NOT_MEDIATED: Code = Code(908);
/// A profile whose name is not the one that a pod asks for.
pub const NAME_DIFFERS: Code = Code(909);
/// A rule for names that the kernel never builds.
pub const NEVER_MATCHES: Code = Code(910);
/// A mount point without the slash that the kernel ends a folder's name with.
pub const MOUNT_POINT_WITHOUT_SLASH: Code = Code(911);
