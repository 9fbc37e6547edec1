/* personal.h: names, phones and addresses of people live apart from the revisions, which hold salted digests of
 * them, so that they can be erased while everything else stays provable (domain.md 6.8). */
#ifndef TRIBUTARY_FORM_PERSONAL_H
#define TRIBUTARY_FORM_PERSONAL_H

#include <jansson.h>
#include <stdbool.h>

#include "form/document.h"

/* Fills 16 random bytes. */
typedef void salt_source(unsigned char salt[16]);

/* Makes the document as it is stored: each personal value is replaced by {"personal":"<digest>"}.
 * *ret_apart is a list of {"path","salt","digest","value"}, in no order that matters; the digest is SHA-256 of the
 * 16 salt bytes and the canonical value, salt and digest in hexadecimal. Returns NULL without memory. When nothing
 * is personal the list is empty and the stored document is the document itself (a new reference). */
json_t *personal_split(const struct document *document, salt_source *salt, json_t **ret_apart);

/* Puts the values back into a stored document, in place. What was erased becomes {"erased":true}. */
bool personal_join(json_t *stored, const json_t *apart);

#endif
