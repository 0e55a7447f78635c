import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.Optional;
import org.apache.spark.api.java.function.Function3;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.State;
import org.apache.spark.streaming.StateSpec;
import org.apache.spark.streaming.api.java.JavaDStream;
import org.apache.spark.streaming.api.java.JavaPairDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.streaming.scheduler.StreamingListener;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchCompleted;
import org.apache.spark.util.ManualClock;
import scala.Tuple2;

/**
 * What does a batch of the running count take on a real Spark?
 *
 * <p>The workload is that of the other benches: a state of keys with the total 1, and batches of lines of
 * ten words, drawn over uniform keys. A consumer adds up the rows that are emitted. Batches follow each
 * other as fast as they can, on a clock that this program sets, on two cores.
 */
public final class RunningCount {
  private static final int CORES = 2;
  private static final int WARM_UP = 12;
  private static final int TIMED = 20;

  public static void main(String[] arguments) throws Exception {
    boolean updates = arguments[0].equals("update_state_by_key");
    int keys = Integer.parseInt(arguments[1]);
    int words = Integer.parseInt(arguments[2]);
    SparkConf conf = new SparkConf()
        .setMaster("local[" + CORES + "]")
        .setAppName("running count")
        .set("spark.ui.enabled", "false")
        .set("spark.streaming.clock", "org.apache.spark.util.ManualClock");
    JavaSparkContext spark = new JavaSparkContext(conf);
    spark.setLogLevel("ERROR");
    JavaStreamingContext streaming = new JavaStreamingContext(spark, Durations.seconds(1));
    streaming.checkpoint(Files.createTempDirectory("running-count").toString());

    Queue<JavaRDD<String>> batches = new ArrayDeque<>();
    for (int batch = 0; batch < WARM_UP + TIMED; batch++) {
      batches.add(spark.parallelize(lines(batch, keys, words), CORES).cache());
    }
    batches.forEach(JavaRDD::count);
    List<Integer> numbers = IntStream.range(0, keys).boxed().collect(Collectors.toList());
    JavaPairRDD<String, Long> initial =
        spark.parallelize(numbers, CORES).mapToPair(key -> new Tuple2<>(name(key), 1L));
    JavaPairDStream<String, Long> ones = streaming
        .queueStream(batches, true)
        .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
        .mapToPair(word -> new Tuple2<>(word, 1L));
    totals(ones, initial, updates).foreachRDD(batch -> {
      batch.aggregate(0L, (sum, pair) -> sum + pair._1.length() + pair._2, Long::sum);
    });
    report(arguments[0], times(streaming));
    streaming.stop(true, false);
  }

  private static JavaDStream<Tuple2<String, Long>> totals(
      JavaPairDStream<String, Long> ones, JavaPairRDD<String, Long> initial, boolean updates) {
    if (updates) {
      return ones.<Long>updateStateByKey(
          (values, old) ->
              Optional.of(old.or(0L) + values.stream().mapToLong(Long::longValue).sum()),
          new HashPartitioner(CORES), initial).map(pair -> pair);
    }
    Function3<String, Optional<Long>, State<Long>, Tuple2<String, Long>> add =
        (word, one, state) -> {
          long total = (state.exists() ? state.get() : 0L) + one.or(0L);
          state.update(total);
          return new Tuple2<>(word, total);
        };
    return ones.mapWithState(StateSpec.function(add).initialState(initial).numPartitions(CORES));
  }

  /** Milliseconds of each batch after the warm-up, from its first job to its last. */
  private static List<Long> times(JavaStreamingContext streaming) throws InterruptedException {
    BlockingQueue<Long> delays = new LinkedBlockingQueue<>();
    streaming.addStreamingListener(new StreamingListener() {
      @Override
      public void onBatchCompleted(StreamingListenerBatchCompleted completed) {
        delays.add((Long) completed.batchInfo().processingDelay().get());
      }
    });
    streaming.start();
    ManualClock clock = (ManualClock) streaming.ssc().scheduler().clock();
    List<Long> times = new ArrayList<>();
    for (int batch = 0; batch < WARM_UP + TIMED; batch++) {
      clock.advance(1_000);
      times.add(delays.take());
    }
    return times.subList(WARM_UP, WARM_UP + TIMED);
  }

  /** Prints the median of the batches, and of every tenth one, in which Spark writes a checkpoint. */
  private static void report(String operator, List<Long> times) {
    List<Long> plain = new ArrayList<>();
    List<Long> checkpointed = new ArrayList<>();
    for (int batch = 0; batch < times.size(); batch++) {
      boolean writes = (WARM_UP + batch + 1) % 10 == 0;
      (writes ? checkpointed : plain).add(times.get(batch));
    }
    System.out.printf("%s: %d ms a batch, %d ms one with a checkpoint (medians)%n",
        operator, median(plain), median(checkpointed));
  }

  private static long median(List<Long> times) {
    List<Long> sorted = times.stream().sorted().collect(Collectors.toList());
    return sorted.get(sorted.size() / 2);
  }

  private static String name(int key) {
    return String.format("key-%08d", key);
  }

  private static List<String> lines(int seed, int keys, int words) {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int line = 0; line < words / 10; line++) {
      lines.add(IntStream.range(0, 10)
          .mapToObj(word -> name(random.nextInt(keys)))
          .collect(Collectors.joining(" ")));
    }
    return lines;
  }
}
