/* Argon2's memory begins on a page, and on huge ones where the system has them, for the compiler's
   -include (see make-environment).

   From where malloc begins, 32-byte vectors lie on two cache lines and 1 KiB blocks on two pages: up
   to a tenth slower, and by another amount whatever was allocated before, such as a password of
   another length. Such a time would tell. Blocks are read in random order: on pages of 4 KiB nearly
   each read first looks its page up, which is another eighth. (aligned_alloc asks the system for the
   memory each time.) */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#define PAGE ((size_t)4096)
#define HUGE_PAGE ((size_t)2 << 20)

static inline void *allocate_on_page(size_t size)
{
    size_t page = size < HUGE_PAGE ? PAGE : HUGE_PAGE;
    if (size > SIZE_MAX - page - sizeof(char *))
        return NULL;
    char *start = malloc(size + page + sizeof start);
    if (start == NULL)
        return NULL;
    char **memory = (char **)(((uintptr_t)start + sizeof start + page - 1) / page * page);
    memory[-1] = start;
#ifdef MADV_HUGEPAGE
    if (page == HUGE_PAGE)
        madvise(memory, size, MADV_HUGEPAGE);
#endif
    return memory;
}

static inline void *allocate_zeros(size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        return NULL;
    void *memory = allocate_on_page(count * size);
    return memory == NULL ? NULL : memset(memory, 0, count * size);
}

static inline void free_from_page(void *memory)
{
    if (memory != NULL)
        free(((char **)memory)[-1]);
}

#define malloc(size) allocate_on_page(size)
#define calloc(count, size) allocate_zeros(count, size)
#define free(memory) free_from_page(memory)
