# Warnings (style.md rule 24) and sanitizers, for every target of ours.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wundef)
if(CLUSTER_LAB_WERROR)
  add_compile_options(-Werror)
endif()
if(CLUSTER_LAB_SANITIZE)
  add_compile_options(-fsanitize=${CLUSTER_LAB_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CLUSTER_LAB_SANITIZE})
endif()
# What nobody calls stays out of the programs. The linker wants each function in a section of its own for that.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections)
endif()
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
