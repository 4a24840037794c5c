// What a C++ program is asked to do:
//
//     --input LIBRARY.smi --transforms TRANSFORMS.tsv --output FILE --workers N
//
// LIBRARY.smi has a SMILES at the beginning of each line, TRANSFORMS.tsv a name and a SMIRKS a line.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

struct Job {
  std::vector<std::string> rows;
  std::vector<std::pair<std::string, std::string>> transforms;  // name, SMIRKS
  std::string output;
  std::size_t workers = 1;
};

inline std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error("cannot read " + path);
  }
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

inline Job read_job(int argc, char** argv) {
  Job job;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i], value = argv[i + 1];
    if (flag == "--input") {
      for (const auto& line : read_lines(value)) {
        job.rows.push_back(line.substr(0, line.find_first_of(" \t")));
      }
    } else if (flag == "--transforms") {
      for (const auto& line : read_lines(value)) {
        const auto tab = line.find('\t');
        job.transforms.emplace_back(line.substr(0, tab), line.substr(tab + 1));
      }
    } else if (flag == "--output") {
      job.output = value;
    } else if (flag == "--workers") {
      job.workers = std::stoul(value);
    } else {
      throw std::runtime_error("unknown flag " + flag);
    }
  }
  return job;
}
