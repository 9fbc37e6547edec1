/* judged_upload.h: an upload before it is attached to something: whole, unchanged on its way, and of a kind that is taken.
 * Private to api/. */
#ifndef TRIBUTARY_API_JUDGED_UPLOAD_H
#define TRIBUTARY_API_JUDGED_UPLOAD_H

#include "attachment/type.h"
#include "http/request.h"

struct judged_upload {
    const char *upload, *name; /* its id; what it shall be called, NULL: as it was opened */
    struct digest sha256;
    const struct attachment_type *type;
};

/* Sets the digest, the type and, unless there is one, the name. Inside a snapshot. False: a problem is replied. */
bool judge_upload(struct request *request, struct db *db, struct judged_upload *file);

#endif
