/* file_part.h: giving back the bytes of a file, whole or from where a line broke. Private to api/. */
#ifndef TRIBUTARY_API_FILE_PART_H
#define TRIBUTARY_API_FILE_PART_H

#include "http/request.h"

/* What of a file is to be sent. */
struct file_part {
    uint64_t first, length;
    int status; /* 200, or 206 for a part */
};

/* Reads Range and If-Range against request->reply.etag and sets the headers that go with them. False: a problem is
 * replied. */
bool read_file_part(struct request *request, uint64_t size, struct file_part *ret_part);

/* A file's name for Content-Disposition (RFC 6266): plain for old programs, and as it is. In the arena; NULL without
 * memory. */
const char *attachment_disposition(struct arena *arena, const char *name);

#endif
