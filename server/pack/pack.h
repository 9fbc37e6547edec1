/* pack.h: packs and minutes as they are frozen: asked for, rendered, recorded, found and given back. */
#ifndef TRIBUTARY_PACK_PACK_H
#define TRIBUTARY_PACK_PACK_H

#include "base/buffer.h"
#include "ledger/job.h"
#include "pack/making.h"

enum pack_format { PACK_ODT, PACK_PDF, PACK_ODS, PACK_JSON, PACK_FORMAT_COUNT };

/* "odt" …, and the media types, which NULL ends. */
extern const char *const pack_format_words[PACK_FORMAT_COUNT];
extern const char *const pack_media_types[PACK_FORMAT_COUNT + 1];

/* False for another word. */
bool pack_format_parse(const char *word, enum pack_format *ret_format);

/* The newest moment of the log, and the number of its entry. Inside a snapshot. */
enum db_status pack_moment(struct db *db, timestamp *ret_as_of, uint64_t *ret_sequence);

/* Whether question->meeting is one of its body and unit. Inside a snapshot. */
enum db_status pack_meeting_fits(struct db *db, const struct pack_question *question, bool *ret_fits);

/* ---- making ------------------------------------------------------------------------------------------------------ */

/* All files of a pack together are at most so large. */
enum { PACK_MOST_BYTES = 48 * 1024 * 1024 };

/* A file in each format; of a paper without tables and charts no ODS, whose buffer stays empty. */
struct pack_files {
    struct buffer files[PACK_FORMAT_COUNT];
    bool too_large; /* beyond PACK_MOST_BYTES */
};

/* Renders; needs no database. False: too large, or without memory. The caller frees them with pack_files_free(). */
bool pack_render(const struct pack_making *making, struct pack_files *ret_files);
/* One file; of a paper without tables and charts nothing as ODS. False: beyond the buffer's limit, or without memory. */
bool pack_write(const struct pack_making *making, enum pack_format format, struct buffer *out);
void pack_files_free(struct pack_files *files);

/* The act of freezing (ledger/act.h): see tributary.record_pack(). */
extern const struct db_statement pack_record;
enum { PACK_PARAMETERS = 24 };

/* Its parameters but the act's own four; texts and files (in hexadecimal) in the arena. `files` NULL: without them, where the
 * newest pack says the same. False without memory. */
bool pack_parameters(const struct pack_making *making, const struct digest *model, const char *id,
                     const struct pack_files *files, struct arena *arena,
                     const char *ret_parameters[static PACK_PARAMETERS]);

/* Whether the newest pack of the question says the same, by this release. Inside the maker's snapshot. */
enum db_status pack_is_unchanged(struct db *db, const struct pack_question *question, const struct digest *model,
                                 bool *ret_unchanged);

/* ---- reading ----------------------------------------------------------------------------------------------------- */

struct pack_filter {
    const char *id;                                /* one, with its sources; or NULL */
    const char *plan, *body, *unit, *year, *after; /* NULL: any; after: older than this pack's number */
    const char *of, *meeting;                      /* "pack" or "minutes", and of which meeting; NULL: any */
    int limit;                                     /* one more is given, if there is one */
};

/* A list of objects, the newest first. Inside a snapshot. The caller owns it. */
enum db_status packs_list(struct db *db, const struct pack_filter *filter, json_t **ret_list);

/* A file as it is stored. */
struct pack_file {
    uint64_t size;                 /* 0: there is none */
    bool intact;                   /* its bytes give the digest that was recorded with them, or there are none */
    char sha256[DIGEST_TEXT_SIZE]; /* the recorded one, hexadecimal */
};

/* One file, whose bytes are hashed for it. Inside a snapshot, as the next. */
enum db_status pack_file_find(struct db *db, const char *id, enum pack_format format, struct pack_file *ret_file);

/* A pack as its JSON file holds it; the caller owns it. NULL in *ret_model: there is none, or its bytes aren't those that
 * were frozen. DB_FAILED also if it can't be read. */
enum db_status pack_model_read(struct db *db, const char *id, json_t **ret_model);

/* `length` bytes from `first` (0-based); malloc()ed, the caller frees them. DB_FAILED also without memory. */
enum db_status pack_file_read(struct db *db, const char *id, enum pack_format format, uint64_t first, uint64_t length,
                              char **ret_bytes);

/* ---- checking ---------------------------------------------------------------------------------------------------- */

/* The question that a pack (an object of packs_list()) answers; `sources`: those it was frozen with. Texts belong to these and
 * the plan. False if the plan, its version or the body isn't known any more. */
bool pack_question_of(struct shelf *shelf, const char *jurisdiction, const json_t *pack, const json_t *sources,
                      bool sample, struct pack_question *ret_question);

/* By whose rights it was made: seen_as, and the office whose it is, or "". `jurisdiction` and `actor` are the caller's. */
struct db_context pack_context_of(const json_t *pack, const char *jurisdiction, const char *actor);

enum pack_likeness {
    PACK_IS_ANOTHER,   /* it says something else */
    PACK_SAME_FIGURES, /* made by another release, it words or lays out something otherwise; its figures are the same */
    PACK_IS_SAME,      /* its model is the same */
};

/* What a pack made again says. By the same release its model is the same; another release may word it otherwise and show
 * its figures in other tables, but in those that both have, every cell that both have holds the same figures (`frozen` is
 * the pack's JSON file; NULL: it can't be told by that). PACK_IS_ANOTHER also without memory. */
enum pack_likeness pack_likeness_of(const json_t *pack, const json_t *frozen, const struct pack_making *making,
                                    const struct digest *model);

/* Whether this very release made it. */
bool pack_is_of_this_release(const json_t *pack);

/* How it compares: {"pack","same_release","release","same_figures","model_sha256","files":[{"format","frozen_sha256",
 * "made_sha256","stored","same"}]}. `stored` tells of each format whether its bytes are still those that were frozen; where
 * they aren't, they aren't the same as what is made either. The caller owns it; NULL without memory. */
json_t *pack_compare(const json_t *pack, bool same_figures, const struct digest *model, const struct pack_files *files,
                     const bool stored[static PACK_FORMAT_COUNT]);

#endif
