#!/bin/bash
touch $TEST_SHARD_STATUS_FILE; echo shard $TEST_SHARD_INDEX
