#pragma once

namespace cluster_lab::os {

/// Few arenas and early trimming: the many short-lived threads that answer HTTP would cost a
/// megabyte each. Before the first thread starts.
void keepHeapSmall();

/// Gives the pages of program text and constants back to the kernel (madvise(2), MADV_DONTNEED).
/// Starting runs through much of the libraries that is never needed again; what is needed comes
/// back from the page cache by itself. Any thread.
void releaseProgramText();

/// Gives back to the kernel what the heap holds free, where that is much: after a crowd of clients
/// the free pieces lie between used ones, where trimming does not find them by itself. Some
/// milliseconds at most; any thread.
void releaseFreeHeap();

}  // namespace cluster_lab::os
