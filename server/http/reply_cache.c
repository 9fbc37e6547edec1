/* reply_cache.c: one slot a digest of the key; a newer reply takes the older one's place. */
#include "http/reply_cache.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

enum { SLOTS = 4096, ETAG_SIZE = 72 };

/* A body shared by the cache and the responses in flight; freed by the last of them. */
struct shared_body {
    unsigned references; /* under the cache's lock */
    struct reply_cache *cache;
    size_t length;
    char etag[ETAG_SIZE];
    const char *content_type;
    char bytes[];
};

struct slot {
    struct digest key;
    uint64_t version;
    struct shared_body *body; /* NULL: empty */
};

struct reply_cache {
    pthread_mutex_t lock;
    size_t limit, used;
    struct slot slots[SLOTS];
};

struct reply_cache *reply_cache_new(size_t limit)
{
    struct reply_cache *cache = calloc(1, sizeof *cache);

    if (cache) {
        pthread_mutex_init(&cache->lock, NULL);
        cache->limit = limit;
    }
    return cache;
}

static void release_locked(struct shared_body *body)
{
    if (--body->references == 0)
        free(body);
}

static void release(void *context)
{
    struct shared_body *body = context;
    struct reply_cache *cache = body->cache;

    pthread_mutex_lock(&cache->lock);
    release_locked(body);
    pthread_mutex_unlock(&cache->lock);
}

static void empty_locked(struct reply_cache *cache, struct slot *slot)
{
    if (!slot->body)
        return;
    cache->used -= slot->body->length;
    release_locked(slot->body);
    slot->body = NULL;
}

void reply_cache_free(struct reply_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        empty_locked(cache, &cache->slots[i]);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static struct slot *slot_of(struct reply_cache *cache, const struct digest *key)
{
    return &cache->slots[((unsigned)key->bytes[0] << 8 | key->bytes[1]) % SLOTS];
}

struct MHD_Response *reply_cache_find(struct reply_cache *cache, const char *key, uint64_t version,
                                      const char **ret_etag)
{
    struct digest digest = digest_of(key, strlen(key));
    struct slot *slot = slot_of(cache, &digest);
    struct shared_body *body = NULL;

    pthread_mutex_lock(&cache->lock);
    if (slot->body && slot->version == version && memcmp(slot->key.bytes, digest.bytes, DIGEST_SIZE) == 0) {
        body = slot->body;
        body->references++;
    }
    pthread_mutex_unlock(&cache->lock);
    if (!body)
        return NULL;

    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback_cls(body->length, body->bytes, release, body);

    if (!response) {
        release(body);
        return NULL;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, body->content_type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, body->etag);
    *ret_etag = body->etag;
    return response;
}

void reply_cache_keep(struct reply_cache *cache, const char *key, uint64_t version, const char *bytes, size_t length,
                      const char *content_type, const char *etag)
{
    struct digest digest = digest_of(key, strlen(key));
    struct slot *slot = slot_of(cache, &digest);
    struct shared_body *body = length <= cache->limit / 16 ? malloc(sizeof *body + length) : NULL;

    if (!body)
        return;
    *body = (struct shared_body){.references = 1, .cache = cache, .length = length, .content_type = content_type};
    snprintf(body->etag, ETAG_SIZE, "%s", etag);
    memcpy(body->bytes, bytes, length);

    pthread_mutex_lock(&cache->lock);
    empty_locked(cache, slot);
    /* past the limit the slots after this one make room */
    for (size_t i = 0, at = (size_t)(slot - cache->slots); i < SLOTS && cache->used + length > cache->limit; i++)
        empty_locked(cache, &cache->slots[(at + i) % SLOTS]);
    *slot = (struct slot){digest, version, body};
    cache->used += length;
    pthread_mutex_unlock(&cache->lock);
}
