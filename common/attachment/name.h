/* name.h: what an attachment is called, made harmless. */
#ifndef TRIBUTARY_ATTACHMENT_NAME_H
#define TRIBUTARY_ATTACHMENT_NAME_H

#include "attachment/type.h"
#include "base/arena.h"

enum { ATTACHMENT_NAME_CHARACTERS = 200 };

/* A name for a file of this type: without folders, control characters, characters that turn the direction of writing or
 * are not to be seen, and what some system forbids; with the type's own extension in place of another; at most 200
 * characters. `given` is UTF-8. In `arena`; NULL without memory. */
const char *attachment_name(struct arena *arena, const char *given, const struct attachment_type *type);

#endif
