// Generated from Chroma's REST contract by tools/openapi (npm run generate); not edited by hand.
// Vectors are packed; all else is as in the contract of Chroma's server 1.0.0, Apache-2.0.

import type { PackedVectors } from "./operation.ts";
export interface paths {
    "/api/v2/auth/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get user identity
         * @description Returns the current user's identity, tenant, and databases.
         */
        get: operations["get_user_identity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/collections/{crn}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get collection by CRN
         * @description Returns a collection by Chroma Resource Name.
         */
        get: operations["get_collection_by_crn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/healthcheck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Healthcheck
         * @description Returns the health status of the service.
         */
        get: operations["healthcheck"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Heartbeat
         * @description Returns a nanosecond timestamp of the current time.
         */
        get: operations["heartbeat"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/pre-flight-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Pre-flight checks
         * @description Returns basic readiness information.
         */
        get: operations["pre_flight_checks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset database
         * @description Resets the database. Requires authorization.
         */
        post: operations["reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create tenant
         * @description Creates a new tenant.
         */
        post: operations["create_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get tenant
         * @description Returns an existing tenant by name.
         */
        get: operations["get_tenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update tenant
         * @description Updates an existing tenant by name.
         */
        patch: operations["update_tenant"];
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List databases
         * @description Lists all databases for a tenant.
         */
        get: operations["list_databases"];
        put?: never;
        /**
         * Create database
         * @description Creates a new database for a tenant.
         */
        post: operations["create_database"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get database
         * @description Returns a database by name.
         */
        get: operations["get_database"];
        put?: never;
        post?: never;
        /**
         * Delete database
         * @description Deletes a database by name.
         */
        delete: operations["delete_database"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List collections
         * @description Lists all collections in a database.
         */
        get: operations["list_collections"];
        put?: never;
        /**
         * Create collection
         * @description Creates a new collection in a database.
         */
        post: operations["create_collection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/by-id/{collection_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get collection by ID
         * @description Returns a collection by its UUID within a specific tenant and database.
         */
        get: operations["get_collection_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get collection
         * @description Returns a collection by ID or name.
         */
        get: operations["get_collection"];
        /**
         * Update collection
         * @description Updates an existing collection's name or metadata.
         */
        put: operations["update_collection"];
        post?: never;
        /**
         * Delete collection
         * @description Deletes a collection in a database.
         */
        delete: operations["delete_collection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/add": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add records
         * @description Adds records to a collection.
         */
        post: operations["collection_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/attached_functions/{name}/detach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Detach function
         * @description Detaches a function from a collection.
         */
        post: operations["detach_function"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get number of records
         * @description Returns the number of records in a collection.
         */
        get: operations["collection_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete records
         * @description Deletes records in a collection. Can filter by IDs or metadata.
         */
        post: operations["collection_delete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fork collection
         * @description Creates a fork of an existing collection.
         */
        post: operations["fork_collection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/fork_count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get fork count
         * @description Returns the number of forks for a collection.
         */
        get: operations["fork_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/functions/attach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Attach function
         * @description Attaches a function to a collection.
         */
        post: operations["attach_function"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/functions/{function_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get attached function
         * @description Returns an attached function by name.
         */
        get: operations["get_attached_function"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get records
         * @description Returns records from a collection by ID or metadata filter.
         */
        post: operations["collection_get"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/indexing_status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get indexing status
         * @description Returns the indexing status of a collection.
         */
        get: operations["indexing_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Query collection
         * @description Queries a collection using dense vector search with metadata and full-text search filtering.
         */
        post: operations["collection_query"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Search records
         * @description Searches records from a collection with dense, sparse, or hybrid vector search.
         */
        post: operations["collection_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Update records
         * @description Updates records in a collection by ID.
         */
        post: operations["collection_update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/upsert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upsert records
         * @description Upserts records in a collection (create if not exists, otherwise update).
         */
        post: operations["collection_upsert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenants/{tenant}/databases/{database}/collections_count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get number of collections
         * @description Returns the total number of collections in a database.
         */
        get: operations["count_collections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get version
         * @description Returns the version of the server.
         */
        get: operations["version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Payload for adding records to a collection.
         *
         *     Records are added in batches. All arrays must have the same length, with each index
         *     representing a single record. For example, `ids[0]`, `embeddings[0]`, `documents[0]`, etc.
         *     all belong to the same record.
         */
        AddCollectionRecordsPayload: {
            documents?: (string | null)[] | null;
            /** @description Embeddings for each record. Can contain the raw f32 arrays or base64 encoded strings. */
            embeddings: components["schemas"]["EmbeddingsPayload"];
            /** @description Unique identifiers for each record. */
            ids: string[];
            metadatas?: (null | components["schemas"]["HashMap"])[] | null;
            uris?: (string | null)[] | null;
        };
        AddCollectionRecordsResponse: Record<string, never>;
        AttachFunctionRequest: {
            function_id: string;
            name: string;
            output_collection: string;
            params?: unknown;
        };
        AttachFunctionResponse: {
            attached_function: components["schemas"]["AttachedFunctionInfo"];
            /** @description True if newly created, false if already existed (idempotent request). */
            created: boolean;
        };
        /** @description API response struct for attached function with function_name instead of function_id */
        AttachedFunctionApiResponse: {
            /**
             * Format: int64
             * @description Completion offset: the WAL position up to which the attached function has processed records
             */
            completion_offset: number;
            /** @description Database name this attached function belongs to */
            database_id: string;
            /** @description Name of the function (e.g., "record_counter", "statistics") */
            function_name: string;
            /** @description Unique identifier for the attached function */
            id: components["schemas"]["AttachedFunctionUuid"];
            /** @description Source collection that triggers the attached function */
            input_collection_id: components["schemas"]["CollectionUuid"];
            /**
             * Format: int64
             * @description Minimum number of new records required before the attached function runs again
             */
            min_records_for_invocation: number;
            /** @description Human-readable name for the attached function instance */
            name: string;
            /** @description Name of target collection where attached function output is stored */
            output_collection: string;
            output_collection_id?: null | components["schemas"]["CollectionUuid"];
            /** @description Optional JSON parameters for the function */
            params?: string | null;
            /** @description Tenant name this attached function belongs to */
            tenant_id: string;
        };
        AttachedFunctionInfo: {
            /** @description Name of the function (e.g., "record_counter", "statistics"). */
            function_name: string;
            /** @description Unique identifier for the attached function. */
            id: string;
            /** @description Human-readable name for the attached function instance. */
            name: string;
        };
        /**
         * Format: uuid
         * @description AttachedFunctionUuid is a wrapper around Uuid to provide a type for attached function identifiers.
         */
        AttachedFunctionUuid: string;
        BoolInvertedIndexConfig: Record<string, never>;
        BoolInvertedIndexType: {
            config: components["schemas"]["BoolInvertedIndexConfig"];
            enabled: boolean;
        };
        /** @description Boolean value type index configurations */
        BoolValueType: {
            bool_inverted_index?: null | components["schemas"]["BoolInvertedIndexType"];
        };
        ChecklistResponse: {
            /** Format: int32 */
            max_batch_size: number;
            supports_base64_encoding: boolean;
        };
        Collection: {
            configuration_json: components["schemas"]["CollectionConfiguration"];
            database: string;
            /** Format: int32 */
            dimension?: number | null;
            id: components["schemas"]["CollectionUuid"];
            /** Format: int64 */
            log_position: number;
            metadata?: null | components["schemas"]["HashMap"];
            name: string;
            schema?: null | components["schemas"]["Schema"];
            tenant: string;
            /** Format: int32 */
            version: number;
        };
        CollectionConfiguration: {
            embedding_function?: null | components["schemas"]["EmbeddingFunctionConfiguration"];
            hnsw?: null | components["schemas"]["HnswConfiguration"];
            spann?: null | components["schemas"]["SpannConfiguration"];
        };
        /** Format: uuid */
        CollectionUuid: string;
        CreateCollectionPayload: {
            configuration?: null | components["schemas"]["CollectionConfiguration"];
            get_or_create?: boolean;
            metadata?: null | components["schemas"]["HashMap"];
            name: string;
            schema?: null | components["schemas"]["Schema"];
        };
        CreateDatabasePayload: {
            name: string;
        };
        CreateDatabaseResponse: Record<string, never>;
        CreateTenantPayload: {
            name: string;
        };
        CreateTenantResponse: Record<string, never>;
        Database: {
            /** Format: uuid */
            id: string;
            name: string;
            tenant: string;
        };
        /**
         * @description Payload for deleting records from a collection.
         *
         *     Records can be deleted by their IDs or by a metadata filter. At least one of `ids` or `where`
         *     must be provided.
         */
        DeleteCollectionRecordsPayload: components["schemas"]["RawWhereFields"] & {
            ids?: string[] | null;
            /** Format: int32 */
            limit?: number | null;
        };
        DeleteCollectionRecordsResponse: {
            /** Format: int32 */
            deleted?: number;
        };
        DeleteCollectionResponse: Record<string, never>;
        DeleteDatabaseResponse: Record<string, never>;
        DetachFunctionRequest: {
            /** @description Whether to delete the output collection as well when detaching the function. */
            delete_output?: boolean;
        };
        DetachFunctionResponse: {
            success: boolean;
        };
        EmbeddingFunctionConfiguration: {
            /** @enum {string} */
            type: "legacy";
        } | (components["schemas"]["EmbeddingFunctionNewConfiguration"] & {
            /** @enum {string} */
            type: "known";
        }) | {
            /** @enum {string} */
            type: "unknown";
        };
        EmbeddingFunctionNewConfiguration: {
            config: unknown;
            name: string;
        };
        EmbeddingsPayload: PackedVectors;
        ErrorResponse: {
            error: string;
            message: string;
        };
        FloatInvertedIndexConfig: Record<string, never>;
        FloatInvertedIndexType: {
            config: components["schemas"]["FloatInvertedIndexConfig"];
            enabled: boolean;
        };
        /** @description Float list value type index configurations (for vectors) */
        FloatListValueType: {
            vector_index?: null | components["schemas"]["VectorIndexType"];
        };
        /** @description Float value type index configurations */
        FloatValueType: {
            float_inverted_index?: null | components["schemas"]["FloatInvertedIndexType"];
        };
        ForkCollectionPayload: {
            new_name: string;
        };
        /** @description Response containing the fork count for a collection. */
        ForkCountResponse: {
            /** @description The number of forks for this collection. */
            count: number;
        };
        FtsIndexConfig: Record<string, never>;
        FtsIndexType: {
            config: components["schemas"]["FtsIndexConfig"];
            enabled: boolean;
        };
        GetAttachedFunctionResponse: {
            attached_function: components["schemas"]["AttachedFunctionApiResponse"];
        };
        /**
         * @description Records can be retrieved by their IDs or by a metadata filter. At least one of `ids` or `where`
         *     must be provided. Use `include` to specify which fields to return in the response.
         */
        GetRequestPayload: components["schemas"]["RawWhereFields"] & {
            ids?: string[] | null;
            include?: components["schemas"]["IncludeList"];
            /** Format: int32 */
            limit?: number | null;
            /** Format: int32 */
            offset?: number | null;
        };
        /**
         * @description All arrays have the same length, with each index representing a single record.
         *     Only fields specified in the request's `include` parameter are populated.
         */
        GetResponse: {
            documents?: (string | null)[] | null;
            embeddings?: PackedVectors | null;
            ids: string[];
            /** @description List of fields that were included in this response. */
            include: components["schemas"]["Include"][];
            metadatas?: (null | components["schemas"]["HashMap"])[] | null;
            uris?: (string | null)[] | null;
        };
        GetTenantResponse: {
            name: string;
            resource_name?: string | null;
        };
        GetUserIdentityResponse: {
            databases: string[];
            tenant: string;
            user_id: string;
        };
        HashMap: {
            [key: string]: boolean | number | string | components["schemas"]["SparseVector"] | boolean[] | number[] | number[] | string[];
        };
        HeartbeatResponse: {
            "nanosecond heartbeat": number;
        };
        HnswConfiguration: {
            ef_construction?: number | null;
            ef_search?: number | null;
            max_neighbors?: number | null;
            /** Format: double */
            resize_factor?: number | null;
            space?: null | components["schemas"]["Space"];
            sync_threshold?: number | null;
        };
        /** @description Configuration for HNSW vector index algorithm parameters */
        HnswIndexConfig: {
            batch_size?: number | null;
            ef_construction?: number | null;
            ef_search?: number | null;
            max_neighbors?: number | null;
            num_threads?: number | null;
            /** Format: double */
            resize_factor?: number | null;
            sync_threshold?: number | null;
        };
        /**
         * @description Use this enum to specify which fields should be returned when retrieving records.
         * @enum {string}
         */
        Include: "distances" | "documents" | "embeddings" | "metadatas" | "uris";
        IncludeList: components["schemas"]["Include"][];
        IndexStatusResponse: {
            /** Format: int64 */
            num_indexed_ops: number;
            /** Format: int64 */
            num_unindexed_ops: number;
            /** Format: float */
            op_indexing_progress: number;
            /** Format: int64 */
            total_ops: number;
        };
        IntInvertedIndexConfig: Record<string, never>;
        IntInvertedIndexType: {
            config: components["schemas"]["IntInvertedIndexConfig"];
            enabled: boolean;
        };
        /** @description Integer value type index configurations */
        IntValueType: {
            int_inverted_index?: null | components["schemas"]["IntInvertedIndexType"];
        };
        /**
         * @description Represents a field key in search queries.
         *
         *     Used for both selecting fields to return and building filter expressions.
         *     Predefined keys access special fields, while custom keys access metadata.
         *
         *     # Predefined Keys
         *
         *     - `Key::Document` - Document text content (`#document`)
         *     - `Key::Embedding` - Vector embeddings (`#embedding`)
         *     - `Key::Metadata` - All metadata fields (`#metadata`)
         *     - `Key::Score` - Search scores (`#score`)
         *
         *     # Custom Keys
         *
         *     Use `Key::field()` or `Key::from()` to reference metadata fields:
         *
         *     ```
         *     use chroma_types::operator::Key;
         *
         *     let key = Key::field("author");
         *     let key = Key::from("title");
         *     ```
         *
         *     # Examples
         *
         *     ## Building filters
         *
         *     ```
         *     use chroma_types::operator::Key;
         *
         *     // Equality
         *     let filter = Key::field("status").eq("published");
         *
         *     // Comparisons
         *     let filter = Key::field("year").gte(2020);
         *     let filter = Key::field("score").lt(0.9);
         *
         *     // Set operations
         *     let filter = Key::field("category").is_in(vec!["tech", "science"]);
         *     let filter = Key::field("status").not_in(vec!["deleted", "archived"]);
         *
         *     // Document content
         *     let filter = Key::Document.contains("machine learning");
         *     let filter = Key::Document.regex(r"\bAPI\b");
         *
         *     // Combining filters
         *     let filter = Key::field("status").eq("published")
         *         & Key::field("year").gte(2020);
         *     ```
         *
         *     ## Selecting fields
         *
         *     ```
         *     use chroma_types::plan::SearchPayload;
         *     use chroma_types::operator::Key;
         *
         *     let search = SearchPayload::default()
         *         .select([
         *             Key::Document,
         *             Key::Score,
         *             Key::field("title"),
         *             Key::field("author"),
         *         ]);
         *     ```
         */
        Key: "Document" | "Embedding" | "Metadata" | "Score" | {
            MetadataField: string;
        };
        /**
         * @description Quantization implementation for SPANN vector index.
         * @enum {string}
         */
        Quantization: "none" | "four_bit_rabit_q_with_u_search";
        QueryRequestPayload: components["schemas"]["RawWhereFields"] & {
            ids?: string[] | null;
            include?: components["schemas"]["IncludeList"];
            /** Format: int32 */
            n_results?: number | null;
            query_embeddings: PackedVectors;
        };
        QueryResponse: {
            distances?: (number | null)[][] | null;
            documents?: (string | null)[][] | null;
            embeddings?: PackedVectors[] | null;
            ids: string[][];
            include: components["schemas"]["Include"][];
            metadatas?: (null | components["schemas"]["HashMap"])[][] | null;
            uris?: (string | null)[][] | null;
        };
        RawWhereFields: {
            where?: unknown;
            where_document?: unknown;
        };
        /** @enum {string} */
        ReadLevel: "index_and_wal" | "index_only" | "index_and_bounded_wal";
        /**
         * @description Schema representation for collection index configurations
         *
         *     This represents the server-side schema structure used for index management
         */
        Schema: {
            /** @description Customer-managed encryption key for collection data */
            cmek?: Record<string, never> | null;
            /** @description Default index configurations for each value type */
            defaults: components["schemas"]["ValueTypes"];
            /**
             * @description Key-specific index overrides
             *     TODO(Sanket): Needed for backwards compatibility. Should remove after deploy.
             */
            keys: {
                [key: string]: components["schemas"]["ValueTypes"];
            };
            /** @description ID of the attached function that created this output collection (if applicable) */
            source_attached_function_id?: string | null;
        };
        SearchPayload: {
            filter?: {
                query_ids?: string[];
                where_clause?: Record<string, never>;
            };
            group_by?: {
                aggregate?: Record<string, never>;
                keys?: string[];
            };
            limit?: {
                limit?: number;
                offset?: number;
            };
            rank?: Record<string, never>;
            select?: {
                keys?: string[];
            };
        };
        SearchRequestPayload: {
            /** @description Specifies whether to include unindexed data in the search results. */
            read_level?: components["schemas"]["ReadLevel"];
            searches: components["schemas"]["SearchPayload"][];
        };
        SearchResponse: {
            documents: ((string | null)[] | null)[];
            embeddings: ((number[] | null)[] | null)[];
            ids: string[][];
            metadatas: ((null | components["schemas"]["HashMap"])[] | null)[];
            scores: ((number | null)[] | null)[];
            select: components["schemas"]["Key"][][];
        };
        /** @enum {string} */
        Space: "l2" | "cosine" | "ip";
        SpannConfiguration: {
            ef_construction?: number | null;
            ef_search?: number | null;
            max_neighbors?: number | null;
            /** Format: int32 */
            merge_threshold?: number | null;
            /** Format: int32 */
            reassign_neighbor_count?: number | null;
            /** Format: int32 */
            search_nprobe?: number | null;
            space?: null | components["schemas"]["Space"];
            /** Format: int32 */
            split_threshold?: number | null;
            /** Format: int32 */
            write_nprobe?: number | null;
        };
        /** @description Configuration for SPANN vector index algorithm parameters */
        SpannIndexConfig: {
            /** Format: float */
            center_drift_threshold?: number | null;
            ef_construction?: number | null;
            ef_search?: number | null;
            /** Format: float */
            initial_lambda?: number | null;
            max_neighbors?: number | null;
            /** Format: int32 */
            merge_threshold?: number | null;
            /** Format: int32 */
            nreplica_count?: number | null;
            /** Format: int32 */
            num_centers_to_merge_to?: number | null;
            num_samples_kmeans?: number | null;
            /** @description Quantization implementation for vector search (cloud-only feature) */
            quantize?: components["schemas"]["Quantization"];
            /** Format: int32 */
            reassign_neighbor_count?: number | null;
            /** Format: int32 */
            search_nprobe?: number | null;
            /** Format: float */
            search_rng_epsilon?: number | null;
            /** Format: float */
            search_rng_factor?: number | null;
            /** Format: int32 */
            split_threshold?: number | null;
            /** Format: int32 */
            write_nprobe?: number | null;
            /** Format: float */
            write_rng_epsilon?: number | null;
            /** Format: float */
            write_rng_factor?: number | null;
        };
        /**
         * @description Sparse vector index algorithm.
         *
         *     Controls which posting list format and query engine are used for
         *     sparse vector search within a collection.
         * @enum {string}
         */
        SparseIndexAlgorithm: "wand" | "max_score";
        /**
         * @description Represents a sparse vector using parallel arrays for indices and values.
         *
         *     On deserialization: accepts both old format `{"indices": [...], "values": [...]}`
         *     and new format `{"#type": "sparse_vector", "indices": [...], "values": [...]}`.
         *
         *     On serialization: always includes `#type` field with value `"sparse_vector"`.
         */
        SparseVector: {
            /** @description Dimension indices */
            indices: number[];
            /** @description Tokens corresponding to each index */
            tokens?: string[] | null;
            /** @description Values corresponding to each index */
            values: number[];
        };
        SparseVectorIndexConfig: {
            /**
             * @description Sparse index algorithm (cloud-only, tenant-gated).
             *     Omitted from JSON when set to the default (Wand) so that old
             *     servers/clients that do not know about this field can still
             *     deserialize the schema.
             */
            algorithm?: components["schemas"]["SparseIndexAlgorithm"];
            /** @description Whether this embedding is BM25 */
            bm25?: boolean | null;
            embedding_function?: null | components["schemas"]["EmbeddingFunctionConfiguration"];
            /** @description Key to source the sparse vector from */
            source_key?: string | null;
        };
        SparseVectorIndexType: {
            config: components["schemas"]["SparseVectorIndexConfig"];
            enabled: boolean;
        };
        /** @description Sparse vector value type index configurations */
        SparseVectorValueType: {
            sparse_vector_index?: null | components["schemas"]["SparseVectorIndexType"];
        };
        StringInvertedIndexConfig: Record<string, never>;
        StringInvertedIndexType: {
            config: components["schemas"]["StringInvertedIndexConfig"];
            enabled: boolean;
        };
        /** @description String value type index configurations */
        StringValueType: {
            fts_index?: null | components["schemas"]["FtsIndexType"];
            string_inverted_index?: null | components["schemas"]["StringInvertedIndexType"];
        };
        UpdateCollectionConfiguration: {
            embedding_function?: null | components["schemas"]["EmbeddingFunctionConfiguration"];
            hnsw?: null | components["schemas"]["UpdateHnswConfiguration"];
            spann?: null | components["schemas"]["UpdateSpannConfiguration"];
        };
        UpdateCollectionPayload: {
            new_configuration?: null | components["schemas"]["UpdateCollectionConfiguration"];
            new_metadata?: null | components["schemas"]["HashMap"];
            new_name?: string | null;
        };
        /**
         * @description Payload for updating existing records in a collection.
         *
         *     Records are added in batches. All arrays must have the same length, with each index
         *     representing a single record. For example, `ids[0]`, `embeddings[0]`, `documents[0]`, etc.
         *     all belong to the same record.
         */
        UpdateCollectionRecordsPayload: {
            documents?: (string | null)[] | null;
            embeddings?: null | components["schemas"]["UpdateEmbeddingsPayload"];
            ids: string[];
            metadatas?: (null | components["schemas"]["HashMap"])[] | null;
            uris?: (string | null)[] | null;
        };
        UpdateCollectionRecordsResponse: Record<string, never>;
        UpdateCollectionResponse: Record<string, never>;
        UpdateEmbeddingsPayload: PackedVectors;
        UpdateHnswConfiguration: {
            batch_size?: number | null;
            ef_search?: number | null;
            max_neighbors?: number | null;
            num_threads?: number | null;
            /** Format: double */
            resize_factor?: number | null;
            sync_threshold?: number | null;
        };
        UpdateSpannConfiguration: {
            ef_search?: number | null;
            /** Format: int32 */
            search_nprobe?: number | null;
        };
        UpdateTenantPayload: {
            resource_name: string;
        };
        UpdateTenantResponse: Record<string, never>;
        /**
         * @description Payload for upserting records in a collection.
         *
         *     Upsert creates records if they don't exist, or updates them if they do.
         *     Records are added in batches. All arrays must have the same length, with each index
         *     representing a single record. For example, `ids[0]`, `embeddings[0]`, `documents[0]`, etc.
         *     all belong to the same record.
         */
        UpsertCollectionRecordsPayload: {
            documents?: (string | null)[] | null;
            /** @description Embeddings for each record. Can contain the raw f32 arrays or base64 encoded strings. */
            embeddings: components["schemas"]["EmbeddingsPayload"];
            ids: string[];
            metadatas?: (null | components["schemas"]["HashMap"])[] | null;
            uris?: (string | null)[] | null;
        };
        UpsertCollectionRecordsResponse: Record<string, never>;
        /**
         * @description Strongly-typed value type configurations
         *     Contains optional configurations for each supported value type
         */
        ValueTypes: {
            bool?: null | components["schemas"]["BoolValueType"];
            float?: null | components["schemas"]["FloatValueType"];
            float_list?: null | components["schemas"]["FloatListValueType"];
            int?: null | components["schemas"]["IntValueType"];
            sparse_vector?: null | components["schemas"]["SparseVectorValueType"];
            string?: null | components["schemas"]["StringValueType"];
        };
        Vec: {
            configuration_json: components["schemas"]["CollectionConfiguration"];
            database: string;
            /** Format: int32 */
            dimension?: number | null;
            id: components["schemas"]["CollectionUuid"];
            /** Format: int64 */
            log_position: number;
            metadata?: null | components["schemas"]["HashMap"];
            name: string;
            schema?: null | components["schemas"]["Schema"];
            tenant: string;
            /** Format: int32 */
            version: number;
        }[];
        VectorIndexConfig: {
            embedding_function?: null | components["schemas"]["EmbeddingFunctionConfiguration"];
            hnsw?: null | components["schemas"]["HnswIndexConfig"];
            /** @description Key to source the vector from */
            source_key?: string | null;
            space?: null | components["schemas"]["Space"];
            spann?: null | components["schemas"]["SpannIndexConfig"];
        };
        VectorIndexType: {
            config: components["schemas"]["VectorIndexConfig"];
            enabled: boolean;
        };
        /** Format: int32 */
        u32: number;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_user_identity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description User identity */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetUserIdentityResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_collection_by_crn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Chroma Resource Name
                 * @example my_tenant:my_database:my_collection
                 */
                crn: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Collection found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    healthcheck: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    heartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeartbeatResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    pre_flight_checks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pre flight checks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChecklistResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reset successful */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": boolean;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    create_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTenantPayload"];
            };
        };
        responses: {
            /** @description Tenant created successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateTenantResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant UUID */
                tenant_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tenant found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "1e30d217-3d78-4f8c-b244-79381dc6a254",
                     *       "resource_name": null
                     *     }
                     */
                    "application/json": components["schemas"]["GetTenantResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Tenant not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    update_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant UUID */
                tenant_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateTenantPayload"];
            };
        };
        responses: {
            /** @description Tenant updated successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateTenantResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Tenant not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Tenant resource name already set */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    list_databases: {
        parameters: {
            query?: {
                /**
                 * @description Limit for pagination
                 * @example 10
                 */
                limit?: number;
                /**
                 * @description Offset for pagination
                 * @example 0
                 */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of databases */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vec"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    create_database: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant UUID */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateDatabasePayload"];
            };
        };
        responses: {
            /** @description Database created successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateDatabaseResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_database: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Database retrieved successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Database"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Database not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    delete_database: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Database deleted successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeleteDatabaseResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Database not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    list_collections: {
        parameters: {
            query?: {
                /**
                 * @description Limit for pagination
                 * @example 10
                 */
                limit?: number;
                /**
                 * @description Offset for pagination
                 * @example 0
                 */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of collections */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vec"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    create_collection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
            };
            cookie?: never;
        };
        /** @description Collection creation payload */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "configuration": null,
                 *       "get_or_create": false,
                 *       "metadata": {
                 *         "key": "value"
                 *       },
                 *       "name": "my_collection",
                 *       "schema": null
                 *     }
                 */
                "application/json": components["schemas"]["CreateCollectionPayload"];
            };
        };
        responses: {
            /** @description Collection created successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_collection_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant ID */
                tenant: string;
                /** @description Database name */
                database: string;
                /** @description Collection UUID */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Collection found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_collection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Collection found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    update_collection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        /** @description Collection update payload */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "new_configuration": null,
                 *       "new_metadata": {
                 *         "key": "value"
                 *       },
                 *       "new_name": "updated_collection_name"
                 *     }
                 */
                "application/json": components["schemas"]["UpdateCollectionPayload"];
            };
        };
        responses: {
            /** @description Collection updated successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateCollectionResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    delete_collection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Collection deleted successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeleteCollectionResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    collection_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddCollectionRecordsPayload"];
            };
        };
        responses: {
            /** @description Collection added successfully */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddCollectionRecordsResponse"];
                };
            };
            /** @description Invalid data for collection addition */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    detach_function: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
                /** @description Function name */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DetachFunctionRequest"];
            };
        };
        responses: {
            /** @description Function detached successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DetachFunctionResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    collection_count: {
        parameters: {
            query?: {
                /** @description Read level for consistency vs performance tradeoffs */
                read_level?: components["schemas"]["ReadLevel"];
            };
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Number of records in the collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["u32"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    collection_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteCollectionRecordsPayload"];
            };
        };
        responses: {
            /** @description Records deleted successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeleteCollectionRecordsResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    fork_collection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForkCollectionPayload"];
            };
        };
        responses: {
            /** @description Collection forked successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    fork_count: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Fork count retrieved successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForkCountResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    attach_function: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        /** @description Function attachment request */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "function_id": "1e30d217-3d78-4f8c-b244-79381dc6a254",
                 *       "name": "my_function",
                 *       "output_collection": "output_collection_name",
                 *       "params": {}
                 *     }
                 */
                "application/json": components["schemas"]["AttachFunctionRequest"];
            };
        };
        responses: {
            /** @description Function attached successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachFunctionResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    get_attached_function: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
                /** @description Function name */
                function_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Attached function retrieved successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetAttachedFunctionResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Attached function not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    collection_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetRequestPayload"];
            };
        };
        responses: {
            /** @description Records retrieved from the collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "documents": [
                     *         "Document 1",
                     *         "Document 2"
                     *       ],
                     *       "embeddings": [
                     *         [
                     *           0.1,
                     *           0.2,
                     *           0.3
                     *         ],
                     *         [
                     *           0.4,
                     *           0.5,
                     *           0.6
                     *         ]
                     *       ],
                     *       "ids": [
                     *         "record1",
                     *         "record2"
                     *       ],
                     *       "include": [
                     *         "documents",
                     *         "metadatas",
                     *         "embeddings"
                     *       ],
                     *       "metadatas": [
                     *         {
                     *           "key": "value"
                     *         },
                     *         {
                     *           "key2": "value2"
                     *         }
                     *       ],
                     *       "uris": null
                     *     }
                     */
                    "application/json": components["schemas"]["GetResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    indexing_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Index status retrieved successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IndexStatusResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    collection_query: {
        parameters: {
            query?: {
                /**
                 * @description Limit for pagination
                 * @example 10
                 */
                limit?: number;
                /**
                 * @description Offset for pagination
                 * @example 0
                 */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        /** @description Query request payload */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "include": [
                 *         "documents",
                 *         "metadatas",
                 *         "distances"
                 *       ],
                 *       "n_results": 10,
                 *       "query_embeddings": [
                 *         [
                 *           0.1,
                 *           0.2,
                 *           0.3
                 *         ]
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["QueryRequestPayload"];
            };
        };
        responses: {
            /** @description Records matching the query */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    collection_search: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        /** @description Search request payload */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "read_level": "IndexAndWal",
                 *       "searches": [
                 *         {
                 *           "n_results": 10,
                 *           "query_embeddings": [
                 *             [
                 *               0.1,
                 *               0.2,
                 *               0.3
                 *             ]
                 *           ]
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SearchRequestPayload"];
            };
        };
        responses: {
            /** @description Records searched from the collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    collection_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateCollectionRecordsPayload"];
            };
        };
        responses: {
            /** @description Collection updated successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateCollectionRecordsResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    collection_upsert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
                /**
                 * @description Collection UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                collection_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpsertCollectionRecordsPayload"];
            };
        };
        responses: {
            /** @description Records upserted successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpsertCollectionRecordsResponse"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Collection not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    count_collections: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Tenant UUID
                 * @example 1e30d217-3d78-4f8c-b244-79381dc6a254
                 */
                tenant: string;
                /** @description Database name */
                database: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count of collections */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["u32"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get server version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
