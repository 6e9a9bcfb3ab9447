# cluster_module(<folder>
#   PURE    a.cpp ...     decides, renders, parses: links the pure code of what it uses and nothing
#                         of the operating system         -> library cluster_lab_<folder>
#   DRIVER  b.cpp ...     sockets, clocks, processes      -> library cluster_lab_<folder>_driver
#   USES    base wire ... the folders it may include; tests/architecture reads this same list
#   LIBS    fmt json ...  libraries of the distribution (cmake/dependencies.cmake)
#   PURE_LIBS fmt json .. the ones its pure code needs; only fmt, json and options are allowed
#   FAST                  on the way of every request: compiled for speed, where others are for size
# )
# A folder with only one kind of code has one library; the other name is an interface without code.
set_property(GLOBAL PROPERTY CLUSTER_LAB_MODULES "")

function(cluster_module folder)
  cmake_parse_arguments(M "FAST" "" "PURE;DRIVER;USES;LIBS;PURE_LIBS" ${ARGN})
  if(M_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "cluster_module(${folder}): unknown words: ${M_UNPARSED_ARGUMENTS}")
  endif()
  foreach(lib ${M_PURE_LIBS})
    if(NOT lib MATCHES "^(fmt|json|options)$")
      message(FATAL_ERROR "cluster_module(${folder}): pure code may not link ${lib}")
    endif()
  endforeach()

  set(pure cluster_lab_${folder})
  set(driver cluster_lab_${folder}_driver)
  cluster_library(${pure} "${M_PURE}" ${M_FAST})
  cluster_library(${driver} "${M_DRIVER}" ${M_FAST})
  foreach(lib ${M_PURE_LIBS})
    cluster_link(${pure} cluster_lab_dep_${lib})
  endforeach()
  foreach(lib ${M_LIBS})
    cluster_link(${driver} cluster_lab_dep_${lib})
  endforeach()
  cluster_link(${driver} ${pure})
  foreach(used ${M_USES})
    cluster_link(${pure} cluster_lab_${used})
    cluster_link(${driver} cluster_lab_${used}_driver)
  endforeach()
endfunction()

# A static library of the sources, or an interface library where there are none.
function(cluster_library target sources is_fast)
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    if(NOT is_fast)
      target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-Os>)
    endif()
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR}/src)
  endif()
endfunction()

function(cluster_link target library)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_link_libraries(${target} INTERFACE ${library})
  else()
    target_link_libraries(${target} PUBLIC ${library})
  endif()
endfunction()

# cluster_test(<name> SOURCES a_test.cpp ... LIBS cluster_lab_election ...)
# An executable of doctest cases; ends with the line "N passed, N failed, N skipped".
# LABEL unit (default), sim or netns: unit and sim run anywhere, netns wants root.
function(cluster_test name)
  cmake_parse_arguments(T "" "LABEL" "SOURCES;LIBS" ${ARGN})
  if(NOT T_LABEL)
    set(T_LABEL unit)
  endif()
  add_executable(${name} ${T_SOURCES})
  # The test's own code, not what it tests: that builds in half the time.
  if(NOT T_LABEL STREQUAL sim)
    target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O0 -U_FORTIFY_SOURCE>)
  endif()
  target_link_libraries(${name} PRIVATE cluster_lab_test_main ${T_LIBS})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${T_LABEL})
endfunction()
