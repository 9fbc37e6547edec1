/* release.h: what the bytes of a paper's files depend on besides the paper. */
#ifndef TRIBUTARY_PAPER_RELEASE_H
#define TRIBUTARY_PAPER_RELEASE_H

#include "base/arena.h"

/* One text: this program and the digest of its bytes, the versions of the libraries that set, draw and compress, and the
 * digests of the font files that may be taken. Papers are rendered alike where it is equal. Found out once, when it is
 * first asked for; NULL without memory or where the program's own file can't be read. Thread-safe; lives as long as the
 * program. */
const char *paper_release(void);

#endif
