/* reply_cache.h: finished replies, valid as long as the log stands where it stood. */
#ifndef TRIBUTARY_HTTP_REPLY_CACHE_H
#define TRIBUTARY_HTTP_REPLY_CACHE_H

#include <microhttpd.h>
#include <stdint.h>

struct reply_cache;

/* Holds at most `limit` bytes of replies. */
struct reply_cache *reply_cache_new(size_t limit);
void reply_cache_free(struct reply_cache *cache);

/* The reply kept under `key` for this version of the data, with a reference the caller gives back by
 * MHD_destroy_response(); NULL if there is none. */
struct MHD_Response *reply_cache_find(struct reply_cache *cache, const char *key, uint64_t version,
                                      const char **ret_etag);

/* Keeps a reply of `length` bytes (takes a reference of its own kind: the response must be one that
 * MHD_create_response_from_buffer() made). `etag` is copied. */
void reply_cache_keep(struct reply_cache *cache, const char *key, uint64_t version, const char *bytes, size_t length,
                      const char *content_type, const char *etag);

#endif
