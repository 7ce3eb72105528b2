//! Errno names in the template form of containers/common.

use crate::{
    error::{ErrorClass, ProfileError},
    profile::Spanned,
};

/// The errno names of Linux by number from 1 (`<asm-generic/errno.h>`, the same
/// on every architecture of the lab); `-` for a number without one.
const NAMES: &str = "\
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT \
    ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG \
    ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY \
    ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR \
    EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE \
    ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG \
    ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ \
    EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT \
    EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET \
    ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH \
    EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM \
    EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE \
    ERFKILL EHWPOISON";

/// Second names.
const ALIASES: [(&str, u64); 3] = [("EWOULDBLOCK", 11), ("EDEADLOCK", 35), ("ENOTSUP", 95)];

/// The number that `errno` or `defaultErrno` means: a decimal number or a name,
/// which wins over the number in `errnoRet`.
pub(super) fn resolve(
    name: &Spanned<String>,
    number: Option<u64>,
) -> Result<Option<u64>, ProfileError> {
    let text = name.value.as_str();
    if text.is_empty() {
        return Ok(number);
    }
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit());
    if let (true, Ok(value)) = (is_decimal, text.parse::<u32>()) {
        return Ok(Some(u64::from(value)));
    }
    if let Some(value) = by_name(text) {
        return Ok(Some(value));
    }
    Err(ProfileError {
        class: ErrorClass::ErrnoName,
        message: format!("unknown errno {text}"),
        sentence: format!(
            "There is no errno called \"{text}\"; write a name such as EPERM or a number."
        ),
        span: name.span.clone(),
    })
}

fn by_name(text: &str) -> Option<u64> {
    let alias = ALIASES.iter().find(|(name, _)| *name == text);
    let named = (1..).zip(NAMES.split_ascii_whitespace());
    alias
        .map(|(_, value)| *value)
        .or_else(|| {
            named
                .into_iter()
                .find(|(_, name)| *name == text)
                .map(|(value, _)| value)
        })
        .filter(|_| text != "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_at_their_numbers() {
        assert_eq!(by_name("EPERM"), Some(1));
        assert_eq!(by_name("ENOSYS"), Some(38));
        assert_eq!(by_name("EHWPOISON"), Some(133));
        assert_eq!(by_name("ENOTSUP"), by_name("EOPNOTSUPP"));
        assert_eq!(by_name("-"), None);
        assert_eq!(by_name("EXYZ"), None);
    }
}
