"""Files that a program reads, adds, or finds in a folder while it runs."""

import pathlib
import sys

import pytest

import millrace
from millrace import NotInMillrace


@pytest.fixture
def sc():
    with millrace.stage({"1s": ["a line"]}, stop="4s"):
        from pyspark import SparkContext

        yield SparkContext("local[2]", "files")


@pytest.fixture
def ssc(sc):
    from pyspark.streaming import StreamingContext

    return StreamingContext(sc, 1)


def test_a_file_is_read_by_each_job(sc, tmp_path):
    path = tmp_path / "lines.txt"
    lines = sc.textFile(str(path)).map(str.upper)
    with pytest.raises(FileNotFoundError, match="Input path does not exist"):
        lines.collect()
    path.write_bytes(b"one\r\ntwo\nthree")
    assert (lines.collect(), lines.getNumPartitions()) == (["ONE", "TWO", "THREE"], 2)
    path.write_bytes(b"ONE\r\nTWO\nthree and more")
    assert sc.textFile(str(path), 3).glom().map(len).collect() == [2, 1, 0, 0]
    path.unlink()
    with pytest.raises(FileNotFoundError):
        lines.count()


def test_files_that_come_into_a_folder_are_read_once(ssc, tmp_path):
    import time

    (tmp_path / "before").write_text("before\n")
    seen = []
    ssc.textFileStream(str(tmp_path)).foreachRDD(lambda rdd: seen.append(rdd.glom().collect()))
    ssc.start()
    time.sleep(1.5)
    for name in ("c", "a", ".hidden"):
        (tmp_path / name).write_text(f"{name}1\n{name}2\n")
    (tmp_path / "folder").mkdir()
    for name in ("part-00000", "part-00001", "_SUCCESS"):
        (tmp_path / "folder" / name).write_text(f"{name}\n")
    time.sleep(1)
    (tmp_path / "a").write_text("more\n")
    (tmp_path / "d").write_bytes(b"d1\r\nd2")
    time.sleep(1)
    assert seen == [[["a line"]], [["a1", "a2"], ["c1", "c2"], ["part-00000"], ["part-00001"]], [["d1", "d2"]]]


def test_files_of_records_have_as_many_bytes_each(ssc, tmp_path):
    seen = []
    ssc.binaryRecordsStream(str(tmp_path), 2).foreachRDD(lambda rdd: seen.append(rdd.collect()))
    ssc.start()
    (tmp_path / "four").write_bytes(b"\x00\n\xff1")
    ssc.awaitTerminationOrTimeout(1)
    assert seen == [[b"\x00\n", b"\xff1"]]
    (tmp_path / "three").write_bytes(b"abc")
    with pytest.raises(EOFError, match="three ends within a record of 2 bytes"):
        ssc.awaitTerminationOrTimeout(1)


def test_files_of_python_are_on_the_path(tmp_path):
    (tmp_path / "helper_of_millrace.py").write_text("answer = 42\n")
    with millrace.stage({}):
        from pyspark import SparkContext

        sc = SparkContext("local", "it", pyFiles=[str(tmp_path / "helper_of_millrace.py")])
        import helper_of_millrace

        assert helper_of_millrace.answer == 42
        with pytest.raises(FileNotFoundError, match="nothing.py"):
            sc.addPyFile("nothing.py")
        with pytest.raises(ValueError, match="recursive is not turned on"):
            sc.addFile(str(tmp_path))
        with pytest.raises(NotInMillrace, match="hdfs://host/a.txt"):
            sc.textFile("hdfs://host/a.txt")


def test_added_files_are_copies_of_the_context(tmp_path):
    (tmp_path / "helper_of_millrace.py").write_text("answer = 1\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("a")
    with millrace.stage({}):
        from pyspark import SparkContext, SparkFiles

        with SparkContext("local", "one") as sc:
            sc.addPyFile(str(tmp_path / "helper_of_millrace.py"))
            sc.addFile(str(tmp_path / "folder"), recursive=True)
            root = pathlib.Path(SparkFiles.getRootDirectory())
            assert SparkFiles.get("folder") == str(root / "folder") and (root / "folder" / "a.txt").exists()
            assert sc.listFiles == [f"file:{tmp_path}/helper_of_millrace.py", f"file:{tmp_path}/folder"]

            def answer(_):
                import helper_of_millrace

                return helper_of_millrace.answer

            assert sc.parallelize([1]).map(answer).collect() == [1]
            (tmp_path / "helper_of_millrace.py").write_text("answer = 2\n")
            sc.addPyFile(str(tmp_path / "helper_of_millrace.py"))
            assert sc.parallelize([1]).map(answer).collect() == [1], "it has been added already"
        assert not root.exists() and str(root) not in sys.path
        with SparkContext("local", "two", pyFiles=[str(tmp_path / "helper_of_millrace.py")]) as sc:
            assert sc.parallelize([1]).map(answer).collect() == [2]


def test_lines_are_cut_as_hadoop_cuts_them(sc, tmp_path):
    path = tmp_path / "lines.txt"

    def pieces(content, count):
        path.write_bytes(content)
        return sc.textFile(str(path), count).glom().collect()

    # As Spark 3.5.9 has them.
    four = b"aaa\nbbb\nccc\nddd\n"
    assert pieces(four, 2) == [["aaa", "bbb", "ccc"], ["ddd"]]
    assert pieces(four, 4) == [["aaa", "bbb"], ["ccc"], ["ddd"], []]
    assert pieces(b"a\rb\rc", 1) == [["a", "b", "c"]]
    assert pieces(b"\xef\xbb\xbfa\r\n\r\nb", 1) == [["a", "", "b"]]
    assert sc.textFile(str(path), use_unicode=False).collect() == [b"a", b"", b"b"]


def test_a_function_may_place_keys_by_large_numbers(sc):
    placed = sc.parallelize([("a", 1), ("b", 2)], 2).partitionBy(3, lambda key: 10**30 + ord(key))
    assert placed.glom().map(len).collect() == [1, 0, 1]
