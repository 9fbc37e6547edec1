/* mime.h: the text of a mail: headers in ASCII (RFC 5322) with UTF-8 in encoded words (RFC 2047), one body of plain text
 * in base64 (RFC 2045). Nothing that is put into a header can end it: line ends and other controls become spaces. */
#ifndef TRIBUTARY_MAIL_MIME_H
#define TRIBUTARY_MAIL_MIME_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/period.h"

/* Appends "Name: text" with its line end, folded so that no line is longer than 78 characters where it can be broken, and
 * none that holds an encoded word longer than 76. Bytes that aren't UTF-8 become U+FFFD. */
void mime_header(struct buffer *out, const char *name, const char *text);

/* Appends "Name: display <address>"; `display` may be NULL or empty. */
void mime_mailbox_header(struct buffer *out, const char *name, const char *display, const char *address);

/* Appends "Name: value" for a value that is never encoded: an address of the web, an identifier. Anything in it but
 * printable ASCII without spaces fails the buffer. */
void mime_token_header(struct buffer *out, const char *name, const char *value);

enum { MIME_DATE_SIZE = 48 };

/* "Sat, 28 Nov 2026 21:05:00 +0800": a moment where clocks are so many seconds ahead of Greenwich. */
void mime_date(timestamp moment, int utc_offset, char ret_text[static MIME_DATE_SIZE]);

/* Appends the headers of a body of plain text, the empty line, and the body. Lines of `text` end with '\n'. */
void mime_text_body(struct buffer *out, const char *language, const char *text);

/* Whether an address can stand in a header and in SMTP as it is: local@domain in plain ASCII, no quotes, no spaces. */
bool mime_is_address(const char *address);

/* Reads "Display <local@domain>" or "local@domain" into texts of the sizes given. False if it is neither. */
bool mime_read_mailbox(const char *text, char *ret_display, size_t display_size, char *ret_address,
                       size_t address_size);

#endif
